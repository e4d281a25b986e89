/** Tests of what only this package can see. */
@NullMarked
package dev.fencepost.internal.sql;

import org.jspecify.annotations.NullMarked;
