/**
 * Comparison of Fencepost, within one process, with other ways to make the same commit. Every subject replaces a value
 * of 200 bytes if its version and the epoch of its claim are unchanged. It also appends a row to a history.
 */
@NullMarked
package dev.fencepost.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
