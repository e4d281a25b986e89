/** Values stored as JSON, of generic types and with mappers of the caller. Jackson is an optional dependency. */
@NullMarked
package dev.fencepost.json;

import org.jspecify.annotations.NullMarked;
