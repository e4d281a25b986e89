/**
 * Streams of events and the change feed. {@link dev.fencepost.internal.event.ChangeReader} reads whole commits.
 * {@link dev.fencepost.internal.event.CursorLease} is the right to do so by a cursor, under its claim.
 * {@link dev.fencepost.internal.event.CursorSubscription} uses it in the background. A client of claims and of the
 * commit path. The protocol is model-checked in {@code specs/Cursors.tla}.
 */
@NullMarked
package dev.fencepost.internal.event;

import org.jspecify.annotations.NullMarked;
