/** Checks of the language of the sources. */
@NullMarked
package dev.fencepost.style;

import org.jspecify.annotations.NullMarked;
