/**
 * Benchmarks. {@code run} holds what an experiment is and the command that runs them; {@code report} writes down what they
 * found; the other packages hold the experiments.
 */
@NullMarked
package dev.fencepost.benchmarks;

import org.jspecify.annotations.NullMarked;
