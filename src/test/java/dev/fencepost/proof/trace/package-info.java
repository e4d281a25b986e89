/**
 * What several real processes did, held against the specifications. The processes write down each step in the transaction
 * that does it; the model checker says whether the specification allows it.
 */
@NullMarked
package dev.fencepost.proof.trace;

import org.jspecify.annotations.NullMarked;
