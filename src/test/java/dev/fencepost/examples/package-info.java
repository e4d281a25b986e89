/** Worked examples on the public types alone, each with its test on real processes. */
@NullMarked
package dev.fencepost.examples;

import org.jspecify.annotations.NullMarked;
