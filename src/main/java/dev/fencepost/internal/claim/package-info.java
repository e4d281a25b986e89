/**
 * Claims: who may write a key, under which epoch, and what ends that right. A client of the commit queue; it has no
 * transaction of its own.
 */
@NullMarked
package dev.fencepost.internal.claim;

import org.jspecify.annotations.NullMarked;
