/** Benchmarks: optimistic against pessimistic writing, on one hot key and on many; and what a cached read costs. */
@NullMarked
package dev.fencepost.benchmarks;

import org.jspecify.annotations.NullMarked;
