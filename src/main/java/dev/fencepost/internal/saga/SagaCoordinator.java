package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.commit.ReservedKeys;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Claims sagas and drives them, for one agent. Safe for use by many threads. */
final class SagaCoordinator {
    private static final String PREFIX = ReservedKeys.PREFIX + "saga:";

    private final String agent;
    private final Claims claims;
    private final ReaderPool reads;
    private final SagaExecution.Tools tools;
    private final Undriven undriven;

    SagaCoordinator(String agent, DefaultSagas.Parts parts, StepTaskQueue desk) {
        this.agent = agent;
        this.claims = parts.claims();
        this.reads = parts.reads();
        this.tools = new SagaExecution.Tools(desk, parts.config().clock(), desk.texts(), parts.underway());
        this.undriven = new Undriven(agent, parts);
    }

    /** Returns the key that the coordinator of a saga claims. */
    static String key(String saga) {
        return PREFIX + saga;
    }

    /** Tells whether a key is the key of a saga. */
    static boolean isSaga(String key) {
        return key.startsWith(PREFIX);
    }

    /**
     * Returns the name of the saga that a key belongs to.
     *
     * @throws SagaStateException if the key is not that of a saga
     */
    static String saga(String key) {
        if (!isSaga(key)) {
            throw new SagaStateException(
                    "The token is of a claim on '" + key + "', not on a saga. Use the token of the saga");
        }
        return key.substring(PREFIX.length());
    }

    Optional<SagaRow> find(String id) {
        return reads.read(session -> new SagaTables(session).run(id));
    }

    /** Returns whether no live process coordinates a saga, as far as this process can tell. */
    boolean isOrphan(Optional<Long> claim) {
        return claim.map(held -> reads.read(session -> claims.isFree(session, held)))
                .orElse(true);
    }

    Undriven undriven() {
        return undriven;
    }

    Underway underway() {
        return tools.underway();
    }

    /**
     * Claims a saga, and drives it until it has ended or is stuck. A saga that its definition cannot drive becomes
     * stuck.
     *
     * @return the outcome; empty if another process still coordinates the saga
     * @throws Parked if the saga waits for another agent, and the run is not to wait
     */
    <I> Optional<SagaOutcome> drive(SagaDefinition<I> definition, SagaRow saga, Driving driving) {
        tools.underway().enter();
        try {
            return claimAndDrive(definition, saga, driving);
        } finally {
            tools.underway().leave();
        }
    }

    private <I> Optional<SagaOutcome> claimAndDrive(SagaDefinition<I> definition, SagaRow saga, Driving driving) {
        SagaExecution.Subject<I> subject;
        List<Key<?>> keys = new ArrayList<>();
        keys.add(Key.text(saga.key()));
        try {
            subject = new SagaExecution.Subject<>(
                    definition, saga, definition.codec().decode(saga.input()));
            List<Key<?>> held = List.copyOf(definition.claimedKeys().apply(subject.input()));
            held.forEach(ReservedKeys::refuse);
            keys.addAll(held);
        } catch (Throwable e) {
            if (e instanceof RuntimeException failure && !FailureMessages.isOfTheStep(failure)) {
                throw failure;
            }
            return undriven.stop(saga, "its input cannot be read, or its claimed keys cannot be computed", e);
        }
        ClaimResult asked;
        try {
            // A saga that waits for further keys can be cancelled meanwhile. If no step has begun, it ends without
            // them.
            boolean holds = keys.size() > 1;
            BooleanSupplier givesUp = () -> tools.underway().isClosing() || (holds && undriven.canEndUnbegun(saga));
            asked = claims.claim(agent, keys, definition.lease(), driving.patience(), givesUp);
        } catch (InvalidInputException e) {
            return undriven.stop(saga, "its keys cannot be claimed", e);
        }
        if (asked instanceof ClaimResult.Busy) {
            tools.underway().demandOpen();
            return undriven.canEndUnbegun(saga) ? undriven.endUnbegun(saga) : Optional.empty();
        }
        try (Claim claim = asked.orThrow()) {
            // To park, a run releases its claim. The claimed keys must stay claimed across the steps.
            run(subject, claim, keys.size() > 1 ? driving.notParking() : driving);
        }
        return Optional.of(outcome(saga.saga()));
    }

    private <I> void run(SagaExecution.Subject<I> subject, Claim claim, Driving driving) {
        String id = subject.saga().saga();
        // Read under the claim: another coordinator may have ended the saga before.
        SagaRow present = find(id).orElseThrow(() -> none(id));
        if (present.state() == SagaState.RUNNING || present.state() == SagaState.COMPENSATING) {
            SagaJournal journal = new SagaJournal(present, claim, reads);
            SagaExecution.Subject<I> now = new SagaExecution.Subject<>(subject.definition(), present, subject.input());
            new SagaExecution<>(now, claim, journal, tools, driving).drive();
        }
    }

    /** Returns the current outcome of a saga. */
    SagaOutcome outcome(String id) {
        return reads.read(session -> {
            SagaTables tables = new SagaTables(session);
            SagaRow saga = tables.run(id).orElseThrow(() -> none(id));
            SagaProgress progress = SagaProgress.of(tables, saga.id());
            Optional<String> reason =
                    saga.state() == SagaState.STUCK && progress.stuckAt().isPresent()
                            ? progress.reason().map(why -> progress.stuckAt().get() + ": " + why)
                            : progress.reason();
            return new SagaOutcome(id, saga.state(), reason, progress.outputs());
        });
    }

    static SagaStateException none(String id) {
        return new SagaStateException("No saga '" + id + "' in this store; it never began, or was forgotten");
    }
}
