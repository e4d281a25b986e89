/** Deadlines, background threads and a stack check, for all other packages. */
@NullMarked
package dev.fencepost.internal.util;

import org.jspecify.annotations.NullMarked;
