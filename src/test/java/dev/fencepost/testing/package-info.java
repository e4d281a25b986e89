/** Shared parts of the tests: processes and their line protocol, other programs, clocks, logs, and stores. */
@NullMarked
package dev.fencepost.testing;

import org.jspecify.annotations.NullMarked;
