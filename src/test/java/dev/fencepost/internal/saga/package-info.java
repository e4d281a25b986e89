/** Tests of classes that only this package can access. */
@NullMarked
package dev.fencepost.internal.saga;

import org.jspecify.annotations.NullMarked;
