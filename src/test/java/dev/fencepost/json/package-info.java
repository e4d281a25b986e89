/** Tests of values stored as JSON. */
@NullMarked
package dev.fencepost.json;

import org.jspecify.annotations.NullMarked;
