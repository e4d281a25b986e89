/**
 * Sagas. {@link dev.fencepost.internal.saga.SagaProgress} is the fold of a journal and decides nothing by itself;
 * {@link dev.fencepost.internal.saga.SagaExecution} coordinates one saga under a claim, a step at a time through
 * {@link dev.fencepost.internal.saga.StepRun} and {@link dev.fencepost.internal.saga.UndoRun};
 * {@link dev.fencepost.internal.saga.SagaJournal} is the only one that writes, each entry a commit under the claim.
 * {@link dev.fencepost.internal.saga.StepTaskQueue} offers steps to other agents and takes their reports. The protocol is
 * model-checked in {@code specs/Sagas.tla}.
 */
@NullMarked
package dev.fencepost.internal.saga;

import org.jspecify.annotations.NullMarked;
