/** Fencepost. */
@NullMarked
package dev.fencepost;

import org.jspecify.annotations.NullMarked;
