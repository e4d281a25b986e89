package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.Key;
import dev.fencepost.SagaDefinition;
import dev.fencepost.SagaOutcome;
import dev.fencepost.SagaRefusedException;
import dev.fencepost.SagaState;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.txn.Committer;
import dev.fencepost.internal.txn.ReadPath;
import dev.fencepost.internal.txn.ReservedKeys;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes sagas under a claim and drives them, for one agent. Safe for use by many threads. */
final class Coordinator {
    private static final String PREFIX = "saga:";

    private final String agent;
    private final Claims claims;
    private final Committer committer;
    private final ReadPath reads;
    private final WorkDesk desk;
    private final InstantSource clock;

    Coordinator(String agent, Claims claims, Committer committer, ReadPath reads, WorkDesk desk, InstantSource clock) {
        this.agent = agent;
        this.claims = claims;
        this.committer = committer;
        this.reads = reads;
        this.desk = desk;
        this.clock = clock;
    }

    /** The key on which whoever coordinates a saga holds a claim. */
    static String key(String saga) {
        return PREFIX + saga;
    }

    /** The saga that a key stands for. */
    static String saga(String key) {
        if (!key.startsWith(PREFIX)) {
            throw new SagaRefusedException("The token stands for a claim on '" + key
                    + "', which is no saga; use the token that beginning the saga gave");
        }
        return key.substring(PREFIX.length());
    }

    Optional<SagaRow> find(String id) {
        return reads.read(session -> new SagaTables(session).run(id));
    }

    /** Whether nobody coordinates a saga under this claim, as far as can be told. */
    boolean isFree(Optional<Long> held) {
        return held.map(claim -> reads.read(session -> claims.isFree(session, claim)))
                .orElse(true);
    }

    /**
     * Drives a saga if it can be had.
     *
     * @param wait for whoever coordinates it now
     * @return how it ended, or where it is stuck; empty if somebody else still coordinates it
     */
    <I> Optional<SagaOutcome> drive(SagaDefinition<I> definition, SagaRow saga, Duration wait) {
        List<Key<?>> keys = new ArrayList<>();
        keys.addAll(definition.held().apply(definition.codec().decode(saga.input())));
        keys.forEach(ReservedKeys::refuse);
        keys.add(Key.text(saga.key()));
        ClaimResult asked = claims.claim(agent, keys, definition.lease(), wait);
        if (asked instanceof ClaimResult.Busy) {
            return Optional.empty();
        }
        try (Claim claim = asked.orThrow()) {
            SagaRow present = find(saga.saga()).orElseThrow(() -> none(saga.saga()));
            if (present.state() == SagaState.RUNNING || present.state() == SagaState.COMPENSATING) {
                Journal journal = new Journal(present, agent, claim, committer, reads);
                new SagaRun<>(definition, present, claim, journal, desk, clock).drive();
            }
        }
        return Optional.of(outcome(saga.saga()));
    }

    /** How a saga stands. */
    SagaOutcome outcome(String id) {
        return reads.read(session -> {
            SagaTables tables = new SagaTables(session);
            SagaRow saga = tables.run(id).orElseThrow(() -> none(id));
            Progress progress = Progress.of(tables, saga.id());
            Optional<String> reason =
                    saga.state() == SagaState.STUCK && progress.stuckAt().isPresent()
                            ? progress.reason().map(why -> progress.stuckAt().get() + ": " + why)
                            : progress.reason();
            return new SagaOutcome(id, saga.state(), reason, progress.outputs());
        });
    }

    static SagaRefusedException none(String id) {
        return new SagaRefusedException(
                "There is no saga '" + id + "' in this store; it may never have begun, or have been forgotten");
    }
}
