/** Codecs for values that are stored as JSON. They use Jackson, which is an optional dependency. */
@NullMarked
package dev.fencepost.json;

import org.jspecify.annotations.NullMarked;
