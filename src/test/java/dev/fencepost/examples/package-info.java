/** Worked examples that use only the public types, each with a test on real processes. */
@NullMarked
package dev.fencepost.examples;

import org.jspecify.annotations.NullMarked;
