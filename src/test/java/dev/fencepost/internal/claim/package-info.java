/** Tests of what only this package can see. */
@NullMarked
package dev.fencepost.internal.claim;

import org.jspecify.annotations.NullMarked;
