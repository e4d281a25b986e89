/** The assembly of the store; the only package that depends on all others. */
@NullMarked
package dev.fencepost.internal;

import org.jspecify.annotations.NullMarked;
