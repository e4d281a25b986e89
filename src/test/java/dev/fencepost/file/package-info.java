/** Tests that the file protects itself, and that unusable stores are refused when they are opened. */
@NullMarked
package dev.fencepost.file;

import org.jspecify.annotations.NullMarked;
