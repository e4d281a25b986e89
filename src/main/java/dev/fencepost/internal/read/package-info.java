/**
 * Reads: the read cache, the pool of reading connections, reads of the past, and the wait for commits of other processes.
 */
@NullMarked
package dev.fencepost.internal.read;

import org.jspecify.annotations.NullMarked;
