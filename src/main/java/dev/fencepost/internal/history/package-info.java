/**
 * Earlier versions and their retention. {@link dev.fencepost.internal.history.Snapshots} opens snapshots, each with a
 * pin in the file. {@link dev.fencepost.internal.history.Pruner} prunes, in short transactions, the versions that no
 * rule retains and no pin protects. A client of the commit path. The protocol is model-checked in
 * {@code specs/Retention.tla}.
 */
@NullMarked
package dev.fencepost.internal.history;

import org.jspecify.annotations.NullMarked;
