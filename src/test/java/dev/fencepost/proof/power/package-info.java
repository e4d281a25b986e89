/**
 * The loss of power: images of a disk are taken while processes write to it, and a store that is opened in such an image has
 * what had been acknowledged before.
 */
@NullMarked
package dev.fencepost.proof.power;

import org.jspecify.annotations.NullMarked;
