/**
 * The steps of several real processes against the specifications. The processes record each step in the transaction
 * that makes it. The model checker tells whether the specification allows the trace.
 */
@NullMarked
package dev.fencepost.verification.traces;

import org.jspecify.annotations.NullMarked;
