/**
 * The demo: real processes on one file, what goes wrong without the library, and what happens with it. Each class but
 * {@link dev.fencepost.cli.demo.Demo} and {@link dev.fencepost.cli.demo.Worker} is a part of the stage or one scene.
 */
@NullMarked
package dev.fencepost.cli.demo;

import org.jspecify.annotations.NullMarked;
