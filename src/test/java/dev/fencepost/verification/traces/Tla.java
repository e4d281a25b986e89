package dev.fencepost.verification.traces;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Literals of the specification language TLA+. */
final class Tla {
    private Tla() {}

    static String text(String word) {
        return "\"" + word + "\"";
    }

    static String set(Collection<?> members) {
        return members.stream().map(String::valueOf).collect(Collectors.joining(", ", "{", "}"));
    }

    static String sequence(Collection<String> members) {
        return members.stream().collect(Collectors.joining(",\n", "<<", ">>"));
    }

    static String function(Map<?, ?> mapped) {
        return mapped.isEmpty()
                ? "<<>>"
                : mapped.entrySet().stream()
                        .map(entry -> entry.getKey() + " :> " + entry.getValue())
                        .collect(Collectors.joining(" @@ ", "(", ")"));
    }

    static String record(Map<String, ?> fields) {
        return fields.entrySet().stream()
                .map(entry -> entry.getKey() + " |-> " + entry.getValue())
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
