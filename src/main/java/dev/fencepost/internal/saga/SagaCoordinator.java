package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.internal.commit.ReservedKeys;
import dev.fencepost.internal.sql.SagaRow;
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
    private final SagaParts parts;
    private final UndrivableSagas undrivable;

    SagaCoordinator(String agent, SagaParts parts) {
        this.agent = agent;
        this.parts = parts;
        this.undrivable = new UndrivableSagas(agent, parts);
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

    UndrivableSagas undrivable() {
        return undrivable;
    }

    /**
     * Claims a saga, and drives it until it has ended or is stuck. A saga that its definition cannot drive becomes
     * stuck.
     *
     * @return the outcome; empty if another process still coordinates the saga
     * @throws SagaParkedSignal if the saga waits for another agent, and the run is not to wait
     */
    <I> Optional<SagaOutcome> drive(SagaDefinition<I> definition, SagaRow saga, DriveSettings settings) {
        parts.runningSagas().enter();
        try {
            return claimAndDrive(definition, saga, settings);
        } finally {
            parts.runningSagas().leave();
        }
    }

    private <I> Optional<SagaOutcome> claimAndDrive(
            SagaDefinition<I> definition, SagaRow saga, DriveSettings settings) {
        I input;
        List<Key<?>> keys = new ArrayList<>();
        keys.add(Key.text(saga.key()));
        try {
            input = definition.codec().decode(saga.input());
            List<Key<?>> held = List.copyOf(definition.claimedKeys().apply(input));
            held.forEach(ReservedKeys::refuse);
            keys.addAll(held);
        } catch (Throwable e) {
            if (e instanceof RuntimeException failure && !FailureMessages.isOfTheStep(failure)) {
                throw failure;
            }
            return undrivable.stop(saga, "its input cannot be read, or its claimed keys cannot be computed", e);
        }
        ClaimResult asked;
        try {
            // A saga that waits for further keys can be cancelled meanwhile. If no step has begun, it ends without
            // them.
            boolean holds = keys.size() > 1;
            BooleanSupplier givesUp =
                    () -> parts.runningSagas().isClosing() || (holds && undrivable.canEndUnbegun(saga));
            asked = parts.claims().claim(agent, keys, definition.lease(), settings.patience(), givesUp);
        } catch (InvalidInputException e) {
            return undrivable.stop(saga, "its keys cannot be claimed", e);
        }
        if (asked instanceof ClaimResult.Busy) {
            parts.runningSagas().demandOpen();
            return undrivable.canEndUnbegun(saga) ? undrivable.endUnbegun(saga) : Optional.empty();
        }
        try (Claim claim = asked.orThrow()) {
            // To park, a run releases its claim. The claimed keys must stay claimed across the steps.
            drive(definition, input, claim, keys.size() > 1 ? settings.notParking() : settings, saga);
        }
        return Optional.of(parts.outcome(saga.saga()));
    }

    private <I> void drive(
            SagaDefinition<I> definition, I input, Claim claim, DriveSettings settings, SagaRow claimed) {
        // Read under the claim: another coordinator may have ended the saga before.
        SagaRow saga = parts.saga(claimed.saga());
        if (isOpen(saga)) {
            SagaJournal journal = parts.journal(saga, claim);
            new SagaExecution<>(new SagaRun<>(definition, input, journal, parts, settings)).drive();
        }
    }

    /** Returns whether a saga is neither stuck nor has ended, so that it needs a coordinator. */
    static boolean isOpen(SagaRow saga) {
        return saga.state() == SagaState.RUNNING || saga.state() == SagaState.COMPENSATING;
    }
}
