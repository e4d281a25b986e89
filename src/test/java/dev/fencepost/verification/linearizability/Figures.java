package dev.fencepost.verification.linearizability;

import java.util.Map;
import java.util.TreeMap;

/** Counts of operations in histories, by kind and outcome. */
final class Figures {
    private final Map<String, Long> counts = new TreeMap<>();

    void add(Recording recording, Map<String, Integer> faults) {
        for (Operation operation : recording.operations()) {
            count("operations");
            count(operation.kind());
            String note = operation.note();
            count(note.equals("-") ? "acknowledged" : note.replace('_', ' '));
            if (operation.outcome() == Operation.Outcome.UNKNOWN) {
                count("unknown");
            }
        }
        count("versions", recording.kept().size());
        faults.forEach((fault, times) -> count("fault: " + fault, times));
        counts.remove("fault: done");
    }

    void add(Figures others) {
        others.counts.forEach(this::count);
    }

    void count(String what) {
        count(what, 1);
    }

    void count(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    Map<String, Long> all() {
        return counts;
    }
}
