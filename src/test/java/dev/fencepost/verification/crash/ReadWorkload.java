package dev.fencepost.verification.crash;

import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Reader;
import dev.fencepost.Snapshot;
import dev.fencepost.Versioned;
import dev.fencepost.history.RetentionPolicy;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Reads of current and past state beside writers, and pruning. */
final class ReadWorkload {
    /** Keys of which only the newest versions are retained. */
    static final Prefix<String> BRIEF = Prefix.text("brief/");

    private static final int KEYS = 4;
    private static final int KEPT = 3;
    private static final long READ_NANOS = 2_000_000;

    private ReadWorkload() {}

    /** Adds up the accounts in a snapshot, in a transaction, and again in the snapshot. */
    static void look(Workload labour) {
        try (Snapshot then = labour.store().snapshot()) {
            List<Versioned<String>> seen = then.list(Keys.ACCOUNT);
            balanced(labour, seen, "a snapshot");
            balanced(labour, labour.agent().transact(tx -> tx.list(Keys.ACCOUNT)), "a transaction");
            if (!then.list(Keys.ACCOUNT).equals(seen)) {
                labour.ledger().odd("a snapshot changed while it was read: " + seen);
            }
        } catch (FencepostException e) {
            // The store is busy, or each attempt had a conflict.
            return;
        }
        ownWrite(labour, labour.store());
    }

    private static void balanced(Workload labour, List<Versioned<String>> accounts, String where) {
        int sum = accounts.stream().mapToInt(one -> Keys.number(one.value())).sum();
        if (sum != Keys.ACCOUNTS * Keys.DEPOSIT) {
            labour.ledger().odd("in " + where + " the accounts have " + sum + ": " + accounts);
        }
    }

    /** Checks that a writer reads its own write. */
    private static void ownWrite(Workload labour, Reader reader) {
        Key<String> key = Keys.PUT.key("own-" + labour.name());
        labour.piece(1, work -> {
            var sequence = Workload.told(labour.agent().tryPut(key, Keys.value(0, work)));
            if (sequence.isPresent()
                    && reader.get(key)
                            .filter(found -> found.value().equals(Keys.value(0, work)))
                            .isEmpty()) {
                labour.ledger().odd("its own write is not there: " + work);
            }
            return sequence;
        });
    }

    /** Reads one key from the cache and another one from the file. */
    static void read(Workload labour) {
        labour.reading("cached", () -> labour.store().get(Keys.COUNTER.key("0")));
        labour.reading("file", () -> labour.store().history().of(Keys.COUNTER.key("1"), 1));
        LockSupport.parkNanos(READ_NANOS);
    }

    /** Writes versions and prunes the older ones. */
    static void tidy(Workload labour) {
        try {
            labour.agent().retention().setRule(BRIEF.name(), RetentionPolicy.latest(KEPT));
            for (int i = 0; i < KEYS * KEPT; i++) {
                labour.agent()
                        .put(BRIEF.key("" + labour.random().nextInt(KEYS)), "x")
                        .orThrow();
            }
            labour.agent().retention().apply();
        } catch (FencepostException e) {
            // Another process is pruning.
            return;
        }
    }
}
