/** Puts the store together; the only package that knows all the others. */
@NullMarked
package dev.fencepost.internal;

import org.jspecify.annotations.NullMarked;
