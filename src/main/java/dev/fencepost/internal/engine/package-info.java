/**
 * The interface of a storage engine: what the commit path and the reads need of a database. One engine implements it,
 * {@code internal.sqlite}; only the wiring in {@code internal} knows which.
 */
@NullMarked
package dev.fencepost.internal.engine;

import org.jspecify.annotations.NullMarked;
