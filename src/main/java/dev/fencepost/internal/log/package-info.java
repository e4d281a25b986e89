/**
 * What was, and what has changed since. {@link dev.fencepost.internal.log.Snapshots} opens cuts, each with a pin in the file;
 * {@link dev.fencepost.internal.log.Pruner} lets go of what no rule keeps and no pin holds, a piece at a time.
 * {@link dev.fencepost.internal.log.ChangeReader} reads whole commits out of the log;
 * {@link dev.fencepost.internal.log.CursorLease} is the right to do so by a cursor, under its claim, and
 * {@link dev.fencepost.internal.log.CursorSubscription} uses that in the background. A client of claims and of the commit path, with
 * no transaction of its own. The protocols are model-checked in {@code specs/Cursors.tla}.
 */
@NullMarked
package dev.fencepost.internal.log;

import org.jspecify.annotations.NullMarked;
