/** Input of a hostile or broken program: strings, values, tokens and files made to do harm. */
@NullMarked
package dev.fencepost.verification.fuzz;

import org.jspecify.annotations.NullMarked;
