/** Input of a hostile or broken program: strings, values, tokens and files made to do harm. */
@NullMarked
package dev.fencepost.proof.hostile;

import org.jspecify.annotations.NullMarked;
