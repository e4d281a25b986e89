/**
 * The identity of processes, and which of them are alive. {@link dev.fencepost.internal.process.ProcessRegistration} is
 * this process in the file. {@link dev.fencepost.internal.process.ProcessProbe} asks the operating system about others;
 * {@link dev.fencepost.internal.process.LivenessChecker} decides when a claim can be taken over.
 */
@NullMarked
package dev.fencepost.internal.process;

import org.jspecify.annotations.NullMarked;
