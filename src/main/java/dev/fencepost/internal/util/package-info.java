/**
 * Waits and threads, for all other packages.
 */
@NullMarked
package dev.fencepost.internal.util;

import org.jspecify.annotations.NullMarked;
