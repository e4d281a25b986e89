/** Runs experiments: what one is, what it may take, and the command that runs them all. */
@NullMarked
package dev.fencepost.benchmarks.run;

import org.jspecify.annotations.NullMarked;
