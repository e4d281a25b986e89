/** Shared parts of the proofs of the guarantees. */
@NullMarked
package dev.fencepost.proof;

import org.jspecify.annotations.NullMarked;
