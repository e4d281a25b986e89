/** Tests of what only this package can see. */
@NullMarked
package dev.fencepost.internal.txn;

import org.jspecify.annotations.NullMarked;
