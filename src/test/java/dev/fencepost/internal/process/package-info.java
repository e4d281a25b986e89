/** Tests of what only this package can see. */
@NullMarked
package dev.fencepost.internal.process;

import org.jspecify.annotations.NullMarked;
