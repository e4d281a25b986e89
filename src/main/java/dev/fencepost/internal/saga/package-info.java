/**
 * Sagas. {@link dev.fencepost.internal.saga.SagaProgress} is the fold of a journal and decides nothing.
 * {@link dev.fencepost.internal.saga.SagaPlanner} decides, and reads nothing else.
 * {@link dev.fencepost.internal.saga.SagaExecution} carries out its decisions for one saga, under a claim. A
 * {@link dev.fencepost.internal.saga.StepExecutor} for each kind of step executes and compensates it.
 * {@link dev.fencepost.internal.saga.SagaJournal} writes all that a coordinator writes: each entry is a commit under
 * the claim. {@link dev.fencepost.internal.saga.StepTaskQueue} is where workers claim tasks. The protocol is
 * model-checked in {@code specs/Sagas.tla} and {@code specs/SagaTasks.tla}.
 */
@NullMarked
package dev.fencepost.internal.saga;

import org.jspecify.annotations.NullMarked;
