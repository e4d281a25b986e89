/** What single operations cost, measured by JMH in virtual machines of their own. */
@NullMarked
package dev.fencepost.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
