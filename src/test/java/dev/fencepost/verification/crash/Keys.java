package dev.fencepost.verification.crash;

import dev.fencepost.Agent;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.EventStream;
import dev.fencepost.examples.Curation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** The keys and streams of the workload. A value is a number and the name of the operation that wrote it. */
public final class Keys {
    static final Prefix<String> PUT = Prefix.text("put/");
    static final Prefix<String> COUNTER = Prefix.text("counter/");
    static final Prefix<String> ACCOUNT = Prefix.text("account/");
    static final Prefix<String> BATCH = Prefix.text("batch/");
    static final Prefix<String> FENCED = Prefix.text("fenced/");
    static final EventStream<String> MOVES = EventStream.text("moves");
    static final EventStream<String> BATCHES = EventStream.text("batches");

    static final int ACCOUNTS = 6;
    static final int DEPOSIT = 1_000;

    private static final Set<String> NAMED = Set.of("put", "counter", "account", "batch", "fenced");

    private Keys() {}

    static String value(int number, String work) {
        return number + " " + work;
    }

    static int number(String value) {
        return Integer.parseInt(value.substring(0, value.indexOf(' ')));
    }

    static String work(String value) {
        return value.substring(value.indexOf(' ') + 1);
    }

    /** Tells whether the values of a key name the operations that wrote them. */
    static boolean isNamed(String key) {
        return key.indexOf('/') > 0 && NAMED.contains(key.substring(0, key.indexOf('/')));
    }

    /** Tells whether the events of a stream are named after the operations that appended them. */
    static boolean isNamedStream(String stream) {
        return stream.equals(MOVES.name()) || stream.equals(BATCHES.name()) || stream.equals(Curation.PROPOSED);
    }

    /** Creates the initial state of a store. */
    public static void prepare(Store store, Path ledgers) throws IOException {
        Agent agent = store.agent("setup");
        try (Ledger ledger = new Ledger(AcknowledgedOperations.ledger(ledgers, "setup"))) {
            WriteBatch writes = WriteBatch.of();
            for (int i = 0; i < ACCOUNTS; i++) {
                writes.put(ACCOUNT.key("" + i), value(DEPOSIT, "setup"));
            }
            ledger.opened(store.id());
            ledger.begun("setup", ACCOUNTS);
            agent.commit(writes).orThrow();
            ledger.acknowledged("setup", 0);
        }
    }
}
