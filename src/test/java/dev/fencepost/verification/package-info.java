/** Shared parts of the proofs of the guarantees. */
@NullMarked
package dev.fencepost.verification;

import org.jspecify.annotations.NullMarked;
