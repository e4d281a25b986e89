/** Tests of what only this package can see. */
@NullMarked
package dev.fencepost.internal.util;

import org.jspecify.annotations.NullMarked;
