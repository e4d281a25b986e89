/**
 * Runs the TLA+ specifications of the folder {@code specs}: they hold, and each of their rules, taken away, turns a
 * law red.
 */
@NullMarked
package dev.fencepost.specs;

import org.jspecify.annotations.NullMarked;
