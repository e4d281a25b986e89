/** Benchmarks: optimistic against pessimistic writing, on one hot key and on many. */
@NullMarked
package dev.fencepost.benchmarks;

import org.jspecify.annotations.NullMarked;
