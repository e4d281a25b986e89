/** Faults of the machine and of other processes: each kind of fault, its errors, and the guarantees that still hold. */
@NullMarked
package dev.fencepost.proof.fault;

import org.jspecify.annotations.NullMarked;
