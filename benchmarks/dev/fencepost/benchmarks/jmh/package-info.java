/** Costs of single operations, measured by JMH in separate virtual machines. */
@NullMarked
package dev.fencepost.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
