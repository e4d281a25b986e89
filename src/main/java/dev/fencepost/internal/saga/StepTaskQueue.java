package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimResult;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostClaim;
import dev.fencepost.StoreClosedException;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.claim.DefaultClaim;
import dev.fencepost.internal.commit.ReservedKeys;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.SagaTables.Offer;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.StepTaskRow;
import dev.fencepost.internal.sql.StepTaskRow.Outcome;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.WorkerStep;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The queue of tasks that sagas offer to workers. A worker claims a task under a claim of its own, and reports under
 * that claim. Safe for use by many threads.
 *
 * <p>An offer is no intent; the claim of a task is. So a task that no worker has claimed can be withdrawn without
 * doubt. A claimed task whose worker is lost is in doubt.
 */
final class StepTaskQueue {
    /** The mean interval, while waiting, between checks for a dead worker or for the end of the saga. */
    private static final Duration LOOK = Duration.ofMillis(250);

    /** The most open tasks of a role that a worker considers, the oldest first. */
    private static final int MOST_LOOKED_AT = 64;

    private final ReaderPool reads;
    private final Claims claims;
    private final CommitNotifier notifier;
    private final Underway underway;
    private final StoredTexts texts;

    StepTaskQueue(DefaultSagas.Parts parts) {
        this.reads = parts.reads();
        this.claims = parts.claims();
        this.notifier = parts.notifier();
        this.underway = parts.underway();
        this.texts = new StoredTexts(parts.config().maxValueBytes());
    }

    /** The outcome of a task, with its output or the reason. */
    record Report(Outcome kind, String text) {}

    /**
     * Returns the key that a worker of a task claims. Only the attempts at one step, or at its compensation, share a
     * key.
     */
    static String key(SagaRow saga, String step, boolean undo) {
        String name = name(saga.saga(), step, undo);
        // Slashes in the names would make the key ambiguous, so it ends with the number of the saga.
        return name.indexOf('/') == name.lastIndexOf('/') ? name : name + "#" + saga.id();
    }

    /** Returns the key without the number of the saga. Steps and compensations have names of one length. */
    static String name(String saga, String step, boolean undo) {
        return ReservedKeys.PREFIX + (undo ? "undo:" : "task:") + saga + "/" + step;
    }

    /** Journals the start of a step and offers its task, in one commit. */
    <I> void offer(
            SagaJournal journal,
            WorkerStep<I> step,
            DefaultStepContext<I> context,
            String input,
            String undoInput,
            boolean heedsCancel) {
        offer(
                journal,
                new Said(JournalEntry.Type.STARTED, step.name(), context.attempt(), undoInput),
                heedsCancel,
                key(context.row(), step.name(), false),
                new Offer(journal.run(), step.name(), false, context.attempt(), step.role(), input));
    }

    /**
     * Journals the start of a compensation and offers its task, in one commit. A compensation may always be repeated.
     */
    <I> void offerUndo(SagaJournal journal, WorkerStep<I> step, DefaultStepContext<I> context, String input) {
        offer(
                journal,
                new Said(JournalEntry.Type.UNDOING, step.name(), context.attempt(), null),
                false,
                key(context.row(), step.name(), true),
                new Offer(journal.run(), step.name(), true, context.attempt(), step.role(), input));
    }

    private void offer(SagaJournal journal, Said said, boolean heedsCancel, String key, Offer offer) {
        journal.append(said, heedsCancel, (scope, sequence) -> {
            if (scope.values().key(key).id() == 0) {
                scope.values().insertKey(key);
            }
            scope.sagas().offer(offer, key, sequence);
        });
        notifier.notifyKeys(List.of(offer.role()));
    }

    /**
     * Waits until a task is reported or lost. Withdraws the task if the saga is to roll back and no worker has claimed
     * it.
     *
     * @throws Parked if the run is not to wait for other agents
     */
    <I> Report await(SagaExecution<I> run, WorkerStep<I> step, int attempt, boolean undo) {
        TaskKey piece = new TaskKey(run.journal(), step.name(), attempt, undo);
        // Workers may take days. Waiting counts as progress, so renew the claim.
        Deadline sinceRenewed = Deadline.after(run.renewEvery());
        String key = key(run.saga(), step.name(), undo);
        try (CommitNotifier.Listener listener = notifier.listen(
                List.of(key, Underway.CLOSING),
                () -> underway.isClosing()
                        || reads.read(session -> look(session, piece).isNews()))) {
            while (true) {
                underway.demandOpen();
                TaskStatus look = reads.read(session -> look(session, piece));
                if (look == TaskStatus.ENDED) {
                    return reads.read(session -> report(piece.in(new SagaTables(session))));
                }
                boolean back = look == TaskStatus.OFFERED && !undo && run.wantsWorkBack();
                if (look == TaskStatus.ABANDONED || back) {
                    end(piece, back);
                    continue;
                }
                run.waits();
                demandHeld(run);
                if (sinceRenewed.over()) {
                    run.journal().renew();
                    sinceRenewed = Deadline.after(run.renewEvery());
                }
                Deadline.after(LOOK.multipliedBy(2)).sleepJittered(LOOK, listener, "for a report on '" + key + "'");
            }
        }
    }

    /**
     * Waits before the next attempt, and renews the claim meanwhile.
     *
     * @param ends whether to end the wait before the delay is over
     * @throws FencedException if the saga was taken over
     * @throws StoreClosedException if the store is closing
     */
    void pause(SagaExecution<?> run, Deadline delay, BooleanSupplier ends) {
        if (delay.remaining().compareTo(LOOK) <= 0) {
            delay.toTheEnd("to try again");
            return;
        }
        run.paused();
        Deadline sinceRenewed = Deadline.after(run.renewEvery());
        try (CommitNotifier.Listener listener = notifier.listen(
                List.of(run.saga().key(), Underway.CLOSING),
                () -> underway.isClosing() || ends.getAsBoolean() || !isHeld(run))) {
            while (!delay.over() && !ends.getAsBoolean()) {
                underway.demandOpen();
                demandHeld(run);
                if (sinceRenewed.over()) {
                    run.journal().renew();
                    sinceRenewed = Deadline.after(run.renewEvery());
                }
                delay.sleepJittered(LOOK, listener, "to try again");
            }
        }
    }

    private void demandHeld(SagaExecution<?> run) {
        claims.held(run.journal().token());
    }

    private boolean isHeld(SagaExecution<?> run) {
        try {
            demandHeld(run);
            return true;
        } catch (FencedException e) {
            return false;
        }
    }

    /** Returns the names of the steps whose tasks a saga has offered. */
    Set<String> offered(long run) {
        return reads.read(session -> new SagaTables(session).offeredSteps(run));
    }

    /** The identity of a task: one attempt at a step or at its compensation. */
    private record TaskKey(SagaJournal journal, String step, int attempt, boolean undo) {
        StepTaskRow in(SagaTables tables) {
            return tables.work(journal.run(), step, undo, attempt)
                    .orElseThrow(() -> new SagaStateException("The step '" + step + "' was started by a definition in"
                            + " which it is not a worker step. Register that definition under its own version"));
        }
    }

    /** The status of a task. */
    private enum TaskStatus {
        OFFERED,
        TAKEN,
        /** Claimed by a worker that has not reported, and whose claim has ended or can be taken over. */
        ABANDONED,
        ENDED;

        boolean isNews() {
            return this == ABANDONED || this == ENDED;
        }
    }

    private TaskStatus look(Session session, TaskKey piece) {
        StepTaskRow work = piece.in(new SagaTables(session));
        if (work.outcome().isPresent()) {
            return TaskStatus.ENDED;
        }
        if (!work.wasTaken()) {
            return TaskStatus.OFFERED;
        }
        boolean held =
                work.claim().filter(claim -> !claims.isFree(session, claim)).isPresent();
        return held ? TaskStatus.TAKEN : TaskStatus.ABANDONED;
    }

    private static Report report(StepTaskRow work) {
        Outcome outcome = work.outcome().orElseThrow();
        return switch (outcome) {
            case LOST -> new Report(outcome, "the worker has not reported");
            case WITHDRAWN -> new Report(outcome, "no worker had claimed it when the saga was rolled back");
            case DONE, FAILED, REFUSED -> new Report(outcome, work.output().orElse(""));
        };
    }

    /**
     * Ends a lost task and fences its worker, or withdraws a task that no worker has claimed. The write lock is held
     * for the decision, so a report or a claim that was committed just before prevents it.
     */
    private void end(TaskKey piece, boolean back) {
        piece.journal().commit((scope, sequence) -> {
            StepTaskRow work = piece.in(scope.sagas());
            if (work.outcome().isPresent()) {
                return;
            }
            if (!work.wasTaken()) {
                if (back) {
                    scope.sagas().endWork(work.id(), Outcome.WITHDRAWN, null, sequence);
                }
            } else if (work.claim()
                    .map(claim -> claims.endIfFree(scope, claim, sequence))
                    .orElse(true)) {
                scope.sagas().endWork(work.id(), Outcome.LOST, null, sequence);
            }
        });
    }

    /** Claims the oldest open task of a role. Waits if there is none; empty if there is still none after the wait. */
    Optional<StepTask> take(String agent, String role, Lease lease, Duration wait) {
        Deadline pause = Deadline.after(wait);
        try (CommitNotifier.Listener listener = notifier.listen(
                List.of(role, Underway.CLOSING),
                () -> underway.isClosing() || !offered(role).isEmpty())) {
            while (true) {
                underway.demandOpen();
                boolean last = pause.over();
                for (String offered : offered(role)) {
                    Optional<StepTask> taken = take(agent, offered, lease);
                    if (taken.isPresent()) {
                        return taken;
                    }
                }
                if (last) {
                    return Optional.empty();
                }
                pause.sleepJittered(LOOK, listener, "for a task of the role '" + role + "'");
            }
        }
    }

    /** Returns the keys of the open tasks of a role, the oldest first. Other workers may claim them at any time. */
    private List<String> offered(String role) {
        return reads.read(session -> new SagaTables(session).openWork(role, MOST_LOOKED_AT));
    }

    private Optional<StepTask> take(String agent, String offered, Lease lease) {
        if (!(claims.claim(agent, List.of(Key.text(offered)), lease, Duration.ZERO)
                instanceof ClaimResult.Granted granted)) {
            return Optional.empty();
        }
        Claim claim = granted.claim();
        // Another worker may have claimed the task since, and another attempt may be offered under its key.
        StepTaskRow work;
        try {
            work = reads.read(session -> new SagaTables(session).workOf(offered))
                    .orElseThrow();
        } catch (RuntimeException | Error e) {
            ((DefaultClaim) claim).abandon();
            throw e;
        }
        // Every claim increments the epoch. If this is not the first claim since the offer, an earlier worker may have
        // done the task.
        boolean first = claim.epoch(Key.text(work.key())) == work.epoch() + 1;
        if (work.outcome().isPresent() || !first) {
            claim.close();
            return Optional.empty();
        }
        return Optional.of(new DefaultStepTask(work, claim, this));
    }

    /** Returns how the claim of a token ended; empty if it is held, or is not known here. */
    Optional<LostClaim> lost(ClaimToken token) {
        try {
            claims.held(token);
            return Optional.empty();
        } catch (FencedException e) {
            return e.lost().stream()
                    .filter(lost -> lost.ending() != ClaimEnd.UNKNOWN)
                    .findFirst();
        }
    }

    /** Refuses a second report under the same token. */
    private void refuseReported(ClaimToken token) {
        lost(token)
                .flatMap(lost -> reads.read(session -> new SagaTables(session).workTaken(lost.key(), lost.epoch())))
                .ifPresent(work -> {
                    if (work.outcome().filter(Outcome::isReport).isPresent()) {
                        throw new SagaStateException("The step '" + work.step() + "' of the saga '" + work.saga()
                                + "' was already reported under this token, as "
                                + work.outcome().get().word() + "; a report is final");
                    }
                });
    }

    StepTask resume(String agent, ClaimToken token) {
        refuseReported(token);
        Claim claim = claims.resume(agent, token);
        StepTaskRow work = reads.read(
                        session -> new SagaTables(session).workOf(claim.keys().get(0)))
                .orElseThrow(() -> new SagaStateException("The token is of a claim on " + claim.keys()
                        + ", not on a task of a saga. Use the token of the claimed task"));
        if (claim.epoch(Key.text(work.key())) != work.epoch() + 1) {
            throw new SagaStateException("The token is of an earlier attempt of the step '" + work.step()
                    + "' of the saga '" + work.saga() + "', which has ended. Claim the task again");
        }
        return new DefaultStepTask(work, claim, this);
    }

    StoredTexts texts() {
        return texts;
    }

    /** Ends a task and the claim of its worker, in one commit. */
    void end(WriteTransaction scope, long sequence, StepTaskRow work, long claim, Outcome outcome, String text) {
        scope.sagas().endWork(work.id(), outcome, text, sequence);
        scope.end(claim, sequence, ClaimEnd.RELEASED);
    }

    void reported(StepTaskRow work) {
        notifier.notifyKeys(List.of(work.key()));
    }
}
