/**
 * The command line: a method for each command, in one class for each group, over the public API only. Refusals become
 * exit codes and, with {@code --json}, JSON.
 */
@NullMarked
package dev.fencepost.cli;

import org.jspecify.annotations.NullMarked;
