/** What the proofs of the guarantees have in common. */
@NullMarked
package dev.fencepost.proof;

import org.jspecify.annotations.NullMarked;
