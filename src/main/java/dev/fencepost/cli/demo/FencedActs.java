package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostClaim;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.Transaction;
import dev.fencepost.Versioned;
import dev.fencepost.WriteResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The commands of a worker that use the library. */
final class FencedActs {
    private final Store store;
    private final Agent agent;
    private final Map<String, Claim> claims = new HashMap<>();
    private long seen;

    FencedActs(Store store, String me) {
        this.store = store;
        this.agent = store.agent(me);
    }

    Map<String, Command> acts() {
        return Map.of(
                "add", this::add,
                "read", this::read,
                "put-if", this::putIfVersion,
                "claim", this::claim,
                "put", this::putUnderClaim,
                "leave", this::leave);
    }

    /**
     * Adds one. The first run of the function waits for the other workers, so that all have read before any of them
     * writes.
     */
    private ObjectNode add(List<String> words, WorkerConnection wire) {
        AtomicInteger runs = new AtomicInteger();
        Versioned<String> written = agent.update(Key.text(words.get(0)), "0", value -> {
            if (runs.incrementAndGet() == 1) {
                meet(wire, WorkerConnection.answer().put("value", value));
            }
            return Long.toString(Long.parseLong(value) + 1);
        });
        return WorkerConnection.answer().put("version", written.version()).put("runs", runs.get());
    }

    private ObjectNode read(List<String> words, WorkerConnection wire) {
        seen = store.get(Key.text(words.get(0))).map(Versioned::version).orElse(0L);
        return WorkerConnection.answer().put("version", seen);
    }

    private ObjectNode putIfVersion(List<String> words, WorkerConnection wire) {
        WriteResult<String> result = agent.tryPut(Key.text(words.get(0)), words.get(1), Precondition.ifVersion(seen));
        ObjectNode answer = WorkerConnection.answer().put("committed", result.isCommitted());
        if (result instanceof Conflict<String> conflict) {
            answer.put("message", conflict.message());
            conflict.actual()
                    .ifPresent(now -> answer.put("version", now.version()).put("writer", now.writer()));
        }
        return answer;
    }

    private ObjectNode claim(List<String> words, WorkerConnection wire) {
        Key<String> key = Key.text(words.get(0));
        Duration length = Duration.ofMillis(Long.parseLong(words.get(1)));
        Duration wait = Duration.ofMillis(Long.parseLong(words.get(2)));
        boolean beats = Boolean.parseBoolean(words.get(3));
        ClaimResult result = agent.claim(key, beats ? Lease.of(length) : Lease.withoutHeartbeats(length), wait);
        if (result instanceof ClaimResult.Granted granted) {
            claims.put(key.name(), granted.claim());
            return WorkerConnection.answer()
                    .put("granted", true)
                    .put("epoch", granted.claim().epoch(key));
        }
        ObjectNode answer = WorkerConnection.answer().put("granted", false);
        return result instanceof ClaimResult.Busy busy ? answer.put("message", busy.message()) : answer;
    }

    private ObjectNode putUnderClaim(List<String> words, WorkerConnection wire) {
        Key<String> key = Key.text(words.get(0));
        Claim claim = claims.get(key.name());
        if (claim == null) {
            return WorkerConnection.answer().put("committed", false).put("message", "there is no claim for the write");
        }
        try {
            Committed<String> committed = claim.put(key, words.get(1));
            return WorkerConnection.answer().put("committed", true).put("version", committed.version());
        } catch (FencedException e) {
            LostClaim fenced = e.lost().get(0);
            return WorkerConnection.answer()
                    .put("committed", false)
                    .put("fenced", true)
                    .put("epoch", fenced.epoch())
                    .put("presentEpoch", fenced.presentEpoch())
                    .put("message", fenced.message());
        }
    }

    /** Leaves if another agent remains. The commit depends on the function's reads. */
    private ObjectNode leave(List<String> words, WorkerConnection wire) {
        Prefix<String> everyone = Prefix.text(words.get(0));
        AtomicInteger runs = new AtomicInteger();
        boolean left = agent.transact(tx -> {
            long on = on(tx, everyone);
            if (runs.incrementAndGet() == 1) {
                meet(wire, WorkerConnection.answer().put("on", on));
            }
            if (on > 1) {
                tx.put(everyone.key(agent.name()), "off");
            }
            return on > 1;
        });
        return WorkerConnection.answer().put("left", left).put("runs", runs.get());
    }

    private static long on(Transaction tx, Prefix<String> everyone) {
        return tx.list(everyone).stream()
                .filter(one -> one.value().equals("on"))
                .count();
    }

    private static void meet(WorkerConnection wire, ObjectNode seen) {
        try {
            wire.meet(seen);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
