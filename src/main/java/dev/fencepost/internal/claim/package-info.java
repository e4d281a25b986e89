/**
 * Claims: the exclusive right to write keys, with its epochs and its end. A client of the commit queue, without
 * transactions of its own. The protocols are model-checked in {@code specs/FencedCommit.tla} and
 * {@code specs/ClaimQueue.tla}.
 */
@NullMarked
package dev.fencepost.internal.claim;

import org.jspecify.annotations.NullMarked;
