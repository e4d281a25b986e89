/**
 * The commit path. Every change of the file is a task of the one commit queue, which validates and applies it inside
 * one write transaction. Contains the checks, the read set and the one retry loop. Claims are clients of this package.
 */
@NullMarked
package dev.fencepost.internal.commit;

import org.jspecify.annotations.NullMarked;
