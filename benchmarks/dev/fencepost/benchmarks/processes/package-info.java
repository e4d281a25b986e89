/**
 * Experiments with several processes on one file, and with large files. Each process runs a {@link
 * dev.fencepost.benchmarks.processes.WorkerTask} in a separate Java virtual machine. All wait at a gate until every
 * process is ready, so that none has a head start.
 *
 * <p>Some experiments compare times between processes: on Linux, {@link System#nanoTime} reads a clock that all
 * processes share.
 */
@NullMarked
package dev.fencepost.benchmarks.processes;

import org.jspecify.annotations.NullMarked;
