/**
 * Experiments with several processes on one file, and with large files. Each process is a {@link
 * dev.fencepost.benchmarks.processes.WorkerTask} in a Java virtual machine of its own; all wait at a gate until everyone is
 * ready, so that none gets a head start.
 *
 * <p>Times are compared between processes where that is said: on Linux {@link System#nanoTime} reads one clock that all
 * processes share.
 */
@NullMarked
package dev.fencepost.benchmarks.processes;

import org.jspecify.annotations.NullMarked;
