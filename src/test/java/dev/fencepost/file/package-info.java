/** Proves that the file defends itself, and that what cannot be served is refused at the door. */
@NullMarked
package dev.fencepost.file;

import org.jspecify.annotations.NullMarked;
