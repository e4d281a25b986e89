/**
 * What Fencepost is compared with within one process: other ways of making the same commit. Everybody replaces a value of
 * 200 bytes if its version and the epoch of its claim are what they were, and appends a row to its history.
 */
@NullMarked
package dev.fencepost.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
