/**
 * The command line: one class for each command, over the public API only. Refusals become exit codes and, with
 * {@code --json}, JSON.
 */
@NullMarked
package dev.fencepost.cli;

import org.jspecify.annotations.NullMarked;
