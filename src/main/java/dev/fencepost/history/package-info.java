/** History and retention: versions of the past, what a commit read, recorded refusals, and rules for pruning. */
@NullMarked
package dev.fencepost.history;

import org.jspecify.annotations.NullMarked;
