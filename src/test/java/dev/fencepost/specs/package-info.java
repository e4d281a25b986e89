/** Runs the TLA+ specifications of the folder {@code specs}: they hold, and each removed rule breaks a law. */
@NullMarked
package dev.fencepost.specs;

import org.jspecify.annotations.NullMarked;
