/**
 * Real processes use the whole API, and are killed, stopped and continued at any moment. Acknowledged operations are in
 * the store, refused ones are not, and the laws hold.
 */
@NullMarked
package dev.fencepost.verification.crash;

import org.jspecify.annotations.NullMarked;
