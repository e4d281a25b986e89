/**
 * Benchmarks. {@code run} defines an experiment and has the command that runs them, {@code report} writes the results,
 * and the other packages contain the experiments.
 */
@NullMarked
package dev.fencepost.benchmarks;

import org.jspecify.annotations.NullMarked;
