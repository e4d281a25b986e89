/** Tests of sagas: one at a time, with crashes at every boundary, and a thousand at once. */
@NullMarked
package dev.fencepost.sagas;

import org.jspecify.annotations.NullMarked;
