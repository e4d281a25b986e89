/**
 * The commit path: every change of the file is a member of the one commit queue, judged and applied inside one write
 * transaction. Here are the guards, the read set, the one retry loop and the read cache. Claims are clients of it.
 */
@NullMarked
package dev.fencepost.internal.txn;

import org.jspecify.annotations.NullMarked;
