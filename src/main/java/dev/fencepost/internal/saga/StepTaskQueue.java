package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimResult;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostClaim;
import dev.fencepost.internal.claim.DefaultClaim;
import dev.fencepost.internal.commit.ReservedKeys;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.StepTaskRow;
import dev.fencepost.internal.sql.StepTaskRow.Outcome;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.StepTask;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The queue of tasks that sagas offer to workers, as the workers of one agent see it. A worker claims a task under a
 * claim of its own, and reports under that claim. Safe for use by many threads.
 */
final class StepTaskQueue {
    /** The mean interval, while waiting, between checks for a task. */
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

    /** The most open tasks of a role that a worker considers, the oldest first. */
    private static final int MAX_EXAMINED = 64;

    private final String agent;
    private final SagaParts parts;

    StepTaskQueue(String agent, SagaParts parts) {
        this.agent = agent;
        this.parts = parts;
    }

    /**
     * Returns the key that a worker of a task claims. Only the attempts at one step, or at its compensation, share a
     * key.
     */
    static String key(SagaRow saga, String step, boolean isCompensation) {
        String name = name(saga.saga(), step, isCompensation);
        // Slashes in the names would make the key ambiguous, so it ends with the number of the saga.
        return name.indexOf('/') == name.lastIndexOf('/') ? name : name + "#" + saga.id();
    }

    /** Returns the key without the number of the saga. Steps and compensations have names of one length. */
    static String name(String saga, String step, boolean isCompensation) {
        return ReservedKeys.PREFIX + (isCompensation ? "undo:" : "task:") + saga + "/" + step;
    }

    /** Claims the oldest open task of a role. Waits if there is none; empty if there is still none after the wait. */
    Optional<StepTask> claimTask(String role, Lease lease, Duration wait) {
        Deadline pause = Deadline.after(wait);
        try (CommitNotifier.Listener listener = parts.notifier()
                .listen(
                        List.of(role, RunningSagas.CLOSING),
                        () -> parts.runningSagas().isClosing() || !offered(role).isEmpty())) {
            while (true) {
                parts.runningSagas().demandOpen();
                boolean last = pause.over();
                for (String offered : offered(role)) {
                    Optional<StepTask> claimed = claimTask(offered, lease);
                    if (claimed.isPresent()) {
                        return claimed;
                    }
                }
                if (last) {
                    return Optional.empty();
                }
                pause.sleepJittered(CHECK_INTERVAL, listener, "for a task of the role '" + role + "'");
            }
        }
    }

    /** Returns the keys of the open tasks of a role, the oldest first. Other workers may claim them at any time. */
    private List<String> offered(String role) {
        return parts.reads().read(session -> new SagaTables(session).openWork(role, MAX_EXAMINED));
    }

    private Optional<StepTask> claimTask(String offered, Lease lease) {
        if (!(parts.claims().claim(agent, List.of(Key.text(offered)), lease, Duration.ZERO)
                instanceof ClaimResult.Granted granted)) {
            return Optional.empty();
        }
        Claim claim = granted.claim();
        // Another worker may have claimed the task since, and another attempt may be offered under its key.
        StepTaskRow task;
        try {
            task = parts.reads()
                    .read(session -> new SagaTables(session).workOf(offered))
                    .orElseThrow();
        } catch (RuntimeException | Error e) {
            ((DefaultClaim) claim).abandon();
            throw e;
        }
        // Every claim increments the epoch. If this is not the first claim since the offer, an earlier worker may have
        // done the task.
        boolean first = claim.epoch(Key.text(task.key())) == task.epoch() + 1;
        if (task.outcome().isPresent() || !first) {
            claim.close();
            return Optional.empty();
        }
        return Optional.of(new DefaultStepTask(task, claim, parts));
    }

    /** Returns how the claim of a token ended; empty if it is held, or is not known here. */
    Optional<LostClaim> lost(ClaimToken token) {
        try {
            parts.claims().held(token);
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
                .flatMap(lost ->
                        parts.reads().read(session -> new SagaTables(session).workTaken(lost.key(), lost.epoch())))
                .ifPresent(task -> {
                    if (task.outcome().filter(Outcome::isReport).isPresent()) {
                        throw new SagaStateException("The step '" + task.step() + "' of the saga '" + task.saga()
                                + "' was already reported under this token, as "
                                + task.outcome().get().word() + "; a report is final");
                    }
                });
    }

    StepTask resume(ClaimToken token) {
        refuseReported(token);
        Claim claim = parts.claims().resume(agent, token);
        StepTaskRow task = parts.reads()
                .read(session -> new SagaTables(session).workOf(claim.keys().get(0)))
                .orElseThrow(() -> new SagaStateException("The token is of a claim on " + claim.keys()
                        + ", not on a task of a saga. Use the token of the claimed task"));
        if (claim.epoch(Key.text(task.key())) != task.epoch() + 1) {
            throw new SagaStateException("The token is of an earlier attempt of the step '" + task.step()
                    + "' of the saga '" + task.saga() + "', which has ended. Claim the task again");
        }
        return new DefaultStepTask(task, claim, parts);
    }
}
