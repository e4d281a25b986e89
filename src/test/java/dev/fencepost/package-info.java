/** Tests of the public types. */
@NullMarked
package dev.fencepost;

import org.jspecify.annotations.NullMarked;
