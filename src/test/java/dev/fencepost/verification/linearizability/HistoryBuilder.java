package dev.fencepost.verification.linearizability;

import dev.fencepost.verification.linearizability.Operation.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A builder of made-up histories for tests of the checker. Each operation has its own worker, whose number names it.
 */
final class HistoryBuilder {
    private final List<Operation> operations = new ArrayList<>();
    private final List<StoredVersions> kept = new ArrayList<>();
    private final Map<String, Long> newest = new HashMap<>();
    private long sequence;

    /** Returns the value that a worker writes. */
    static String by(int worker) {
        return Operation.value(worker, 0, 0);
    }

    HistoryBuilder done(int worker, long began, long ended, Access... accesses) {
        return add(worker, "did", began, ended, Outcome.DONE, Map.of(), accesses);
    }

    HistoryBuilder refused(int worker, long began, long ended, Access... accesses) {
        return add(worker, "tried", began, ended, Outcome.REFUSED, Map.of(), accesses);
    }

    HistoryBuilder unknown(int worker, long began, Access... accesses) {
        return add(worker, "began", began, Operation.NEVER, Outcome.UNKNOWN, Map.of(), accesses);
    }

    HistoryBuilder granted(int worker, long began, long ended, String key, long epoch) {
        return add(worker, Operation.CLAIM, began, ended, Outcome.DONE, Map.of(key, epoch));
    }

    HistoryBuilder under(String key, long epoch, int worker, long began, long ended, Access... accesses) {
        return add(worker, "did", began, ended, Outcome.DONE, Map.of(key, epoch), accesses);
    }

    /** Adds one commit of these keys and values to the final content of the store. */
    HistoryBuilder kept(String... keysAndValues) {
        sequence++;
        for (int i = 0; i < keysAndValues.length; i += 2) {
            long version = newest.merge(keysAndValues[i], 1L, Long::sum);
            kept.add(new StoredVersions(keysAndValues[i], version, keysAndValues[i + 1], sequence));
        }
        return this;
    }

    private HistoryBuilder add(
            int worker,
            String kind,
            long began,
            long ended,
            Outcome outcome,
            Map<String, Long> epochs,
            Access... accesses) {
        operations.add(new Operation(worker, 0, kind, began, ended, outcome, epochs, List.of(accesses), "as told"));
        return this;
    }

    Recording recording() {
        return new Recording(operations, kept);
    }

    Versions versions() {
        return new Versions(recording());
    }

    List<String> check() {
        return Checker.check(recording());
    }
}
