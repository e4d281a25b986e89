/**
 * Real processes do all that the store offers, and are killed, stopped and woken at any moment: what was acknowledged is
 * there, what was refused is not, and the laws hold.
 */
@NullMarked
package dev.fencepost.proof.torture;

import org.jspecify.annotations.NullMarked;
