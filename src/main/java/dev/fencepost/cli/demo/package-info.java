/**
 * The demo: real processes on one file, problems without the library, and their solutions with it.
 * {@link dev.fencepost.cli.demo.Demo} runs it, and {@link dev.fencepost.cli.demo.Worker} is one of its processes. The
 * other classes are scenarios and their environment.
 */
@NullMarked
package dev.fencepost.cli.demo;

import org.jspecify.annotations.NullMarked;
