/** Faults of the machine and of other processes: each kind of fault, its errors, and the guarantees that still hold. */
@NullMarked
package dev.fencepost.verification.faults;

import org.jspecify.annotations.NullMarked;
