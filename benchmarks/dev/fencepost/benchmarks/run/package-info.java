/** Experiments and their runs: the interfaces, and the command that runs them all. */
@NullMarked
package dev.fencepost.benchmarks.run;

import org.jspecify.annotations.NullMarked;
