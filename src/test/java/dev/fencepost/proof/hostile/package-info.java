/** What a hostile or broken neighbour hands over: words, values, tokens and files that were made to do harm. */
@NullMarked
package dev.fencepost.proof.hostile;

import org.jspecify.annotations.NullMarked;
