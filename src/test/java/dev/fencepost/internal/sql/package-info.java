/** Tests of what cannot be reached through a store. */
@NullMarked
package dev.fencepost.internal.sql;

import org.jspecify.annotations.NullMarked;
