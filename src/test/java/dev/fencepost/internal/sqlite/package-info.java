/** Tests of classes that cannot be tested through a store. */
@NullMarked
package dev.fencepost.internal.sqlite;

import org.jspecify.annotations.NullMarked;
