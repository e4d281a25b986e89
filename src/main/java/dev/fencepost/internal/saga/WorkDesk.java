package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.ClaimToken;
import dev.fencepost.Ending;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.RoleStep;
import dev.fencepost.SagaEntry.Kind;
import dev.fencepost.SagaRefusedException;
import dev.fencepost.SagaWork;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.SagaTables.Offer;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.internal.sql.SagaWorkRow;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.txn.Committer;
import dev.fencepost.internal.txn.Doorbell;
import dev.fencepost.internal.txn.Pause;
import dev.fencepost.internal.txn.ReadPath;
import dev.fencepost.internal.txn.WriteScope;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where steps are offered to other agents, taken under claims of their own, and reported. Safe for use by many threads.
 */
final class WorkDesk {
    /** How often to look, while waiting for a report, whether the agent has died or the saga is to end. */
    private static final Duration LOOK = Duration.ofMillis(250);

    /** Of more than so much open work under a role, the newest is not looked at. */
    private static final int MOST_LOOKED_AT = 64;

    private final Committer committer;
    private final ReadPath reads;
    private final Claims claims;
    private final Doorbell doorbell;

    WorkDesk(Committer committer, ReadPath reads, Claims claims, Doorbell doorbell) {
        this.committer = committer;
        this.reads = reads;
        this.claims = claims;
        this.doorbell = doorbell;
    }

    /** What became of offered work. */
    record Report(Outcome kind, String text) {}

    /** How work ends. */
    enum Outcome {
        DONE,
        FAILED,
        REFUSED,
        /** Taken, and never reported: nobody knows whether it happened. */
        ABANDONED,
        /** Never taken, and not offered any more. */
        WITHDRAWN
    }

    /** The key on which whoever does the work holds a claim. */
    static String key(String saga, String step, boolean undo) {
        return "work:" + saga + "/" + step + (undo ? "/undo" : "");
    }

    /** Says that a step is about to be done, and offers it, in one commit. */
    <I> void offer(Journal journal, RoleStep<I> step, Context<I> context, boolean heedsCancel) {
        String undoInput = step.undoInput().map(input -> input.apply(context)).orElse("");
        offer(
                journal,
                new Said(Kind.STARTED, step.name(), context.attempt(), undoInput),
                heedsCancel,
                context.saga(),
                new Offer(
                        journal.run(),
                        step.name(),
                        false,
                        context.attempt(),
                        step.role(),
                        step.input().apply(context),
                        step.idempotent()));
    }

    /** As {@link #offer}, for its undoing, which may always be done again. */
    <I> void offerUndo(Journal journal, RoleStep<I> step, Context<I> context, String input) {
        offer(
                journal,
                new Said(Kind.UNDOING, step.name(), context.attempt(), null),
                false,
                context.saga(),
                new Offer(journal.run(), step.name(), true, context.attempt(), step.role(), input, true));
    }

    private void offer(Journal journal, Said said, boolean heedsCancel, String saga, Offer offer) {
        String key = key(saga, offer.step(), offer.undo());
        journal.append(said, heedsCancel, (scope, sequence) -> {
            if (scope.values().key(key).id() == 0) {
                scope.values().insertKey(key);
            }
            scope.sagas().offer(offer, key, sequence);
        });
        doorbell.ring(List.of(offer.role()));
    }

    /** Waits until offered work is reported, or nobody will report it, or the saga is to end and nobody has taken it. */
    <I> Report await(SagaRun<I> run, RoleStep<I> step, int attempt, boolean undo) {
        String key = key(run.saga(), step.name(), undo);
        long number = run.journal().run();
        try (Doorbell.Listener listener = doorbell.listen(
                List.of(key),
                () -> reads.read(session -> ended(session, number, step, attempt, undo))
                        .isPresent())) {
            while (true) {
                Optional<Report> report = reads.read(session -> ended(session, number, step, attempt, undo));
                if (report.isPresent()) {
                    return report.get();
                }
                if (!undo && run.halts() && withdrawn(run.journal(), step, attempt)) {
                    return new Report(Outcome.WITHDRAWN, "");
                }
                Pause.within(LOOK.multipliedBy(2)).about(LOOK, listener, "for a report on '" + key + "'");
            }
        }
    }

    private Optional<Report> ended(Session session, long run, RoleStep<?> step, int attempt, boolean undo) {
        SagaWorkRow work = work(new SagaTables(session), run, step, attempt, undo);
        if (work.outcome().isPresent()) {
            Outcome outcome = Outcome.valueOf(work.outcome().get().toUpperCase(Locale.ROOT));
            String text = work.output().orElse("");
            // Who says that it did not happen cannot know that of one who had it before.
            boolean inDoubt = work.wasTakenOver() && (outcome == Outcome.FAILED || outcome == Outcome.REFUSED);
            return Optional.of(
                    inDoubt
                            ? new Report(
                                    Outcome.ABANDONED, "one who took it has not reported, and another says: " + text)
                            : new Report(outcome, text));
        }
        boolean abandoned = work.wasTaken()
                && !work.again()
                && work.claim().map(claim -> claims.isFree(session, claim)).orElse(true);
        return abandoned
                ? Optional.of(new Report(Outcome.ABANDONED, "whoever took it has not reported"))
                : Optional.empty();
    }

    private static SagaWorkRow work(SagaTables tables, long run, RoleStep<?> step, int attempt, boolean undo) {
        return tables.work(run, step.name(), undo, attempt)
                .orElseThrow(
                        () -> new SagaRefusedException("The step '" + step.name() + "' was begun by a definition in"
                                + " which it is not for a role; register that definition under its own version"));
    }

    /** Takes work back that nobody has taken; decided while nobody else can write. Says whether it was taken back. */
    private boolean withdrawn(Journal journal, RoleStep<?> step, int attempt) {
        boolean[] done = new boolean[1];
        journal.commit((scope, sequence) -> {
            SagaWorkRow work = work(scope.sagas(), journal.run(), step, attempt, false);
            done[0] = !work.wasTaken() && work.outcome().isEmpty();
            if (done[0]) {
                scope.sagas().endWork(work.id(), "withdrawn", null, sequence);
                journal.write(
                        new Said(Kind.FAILED, step.name(), attempt, "nobody had taken it when the saga was to end"),
                        scope,
                        sequence);
            }
        });
        return done[0];
    }

    /** Takes the oldest work that can be taken, as soon as there is any. */
    Optional<SagaWork> take(String agent, String role, Lease lease, Duration wait) {
        Pause pause = Pause.within(wait);
        try (Doorbell.Listener listener =
                doorbell.listen(List.of(role), () -> !offered(role).isEmpty())) {
            while (true) {
                boolean last = pause.over();
                for (SagaWorkRow offered : offered(role)) {
                    Optional<SagaWork> taken = take(agent, offered, lease);
                    if (taken.isPresent()) {
                        return taken;
                    }
                }
                if (last) {
                    return Optional.empty();
                }
                pause.about(LOOK, listener, "for work under '" + role + "'");
            }
        }
    }

    /** What could be taken now, as far as can be told. */
    private List<SagaWorkRow> offered(String role) {
        return reads.read(session -> new SagaTables(session)
                .openWork(role, MOST_LOOKED_AT).stream()
                        .filter(work -> !work.wasTaken() || work.again())
                        .filter(work -> work.claim()
                                .map(claim -> claims.isFree(session, claim))
                                .orElse(true))
                        .toList());
    }

    private Optional<SagaWork> take(String agent, SagaWorkRow offered, Lease lease) {
        if (!(claims.claim(agent, List.of(Key.text(offered.key())), lease, Duration.ZERO)
                instanceof ClaimResult.Granted granted)) {
            return Optional.empty();
        }
        Claim claim = granted.claim();
        // Somebody may have taken and reported it since, and another attempt may be offered instead.
        SagaWorkRow work = reads.read(session -> new SagaTables(session).workOf(offered.key()))
                .orElseThrow();
        boolean first = claim.epoch(Key.text(work.key())) == work.epoch() + 1;
        if (work.outcome().isPresent() || !(first || work.again())) {
            claim.close();
            return Optional.empty();
        }
        return Optional.of(new TakenWork(agent, work, claim, this));
    }

    SagaWork resume(String agent, ClaimToken token) {
        Claim claim = claims.resume(agent, token);
        SagaWorkRow work = reads.read(
                        session -> new SagaTables(session).workOf(claim.keys().get(0)))
                .orElseThrow(() -> new SagaRefusedException("The token stands for a claim on " + claim.keys()
                        + ", which is no work of a saga; use the token that taking the work gave"));
        return new TakenWork(agent, work, claim, this);
    }

    Committer committer() {
        return committer;
    }

    /** Ends work, and the claim under which it was done, in one commit. */
    void end(WriteScope scope, long sequence, SagaWorkRow work, long claim, Outcome outcome, String text) {
        String word = outcome.name().toLowerCase(Locale.ROOT);
        scope.sagas().endWork(work.id(), word, text, sequence);
        scope.claims().end(claim, sequence, Ending.RELEASED);
    }

    void reported(SagaWorkRow work) {
        doorbell.ring(List.of(work.key()));
    }
}
