/** Tests of what only this package can see. */
@NullMarked
package dev.fencepost.internal.read;

import org.jspecify.annotations.NullMarked;
