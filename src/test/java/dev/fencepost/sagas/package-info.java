/** Sagas that end: what they do, one at a time, killed at every boundary, and a thousand at once. */
@NullMarked
package dev.fencepost.sagas;

import org.jspecify.annotations.NullMarked;
