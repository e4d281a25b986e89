/** Tests of the command line. */
@NullMarked
package dev.fencepost.cli;

import org.jspecify.annotations.NullMarked;
