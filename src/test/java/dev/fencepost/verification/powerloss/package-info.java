/**
 * Simulated power losses. Images of a disk are taken while processes write to it. A store that is opened in an image
 * has all operations that were acknowledged before.
 */
@NullMarked
package dev.fencepost.verification.powerloss;

import org.jspecify.annotations.NullMarked;
