/**
 * Sagas. {@link dev.fencepost.internal.saga.SagaProgress} is the fold of a journal and decides nothing.
 * {@link dev.fencepost.internal.saga.SagaExecution} coordinates one saga under a claim. It runs each step with a
 * {@link dev.fencepost.internal.saga.StepRun} and compensates it with an {@link dev.fencepost.internal.saga.UndoRun}.
 * {@link dev.fencepost.internal.saga.SagaJournal} writes all that a coordinator writes: each entry is a commit under
 * the claim. {@link dev.fencepost.internal.saga.StepTaskQueue} offers tasks to workers and receives their reports. The
 * protocol is model-checked in {@code specs/Sagas.tla} and {@code specs/SagaTasks.tla}.
 */
@NullMarked
package dev.fencepost.internal.saga;

import org.jspecify.annotations.NullMarked;
