package dev.fencepost.sagas;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A world outside that keeps its side of the contract: it does once what it is asked for more than once under one key; whoever
 * is told that something did not happen can rely on it, since the attempts so far are barred from then on; and what was
 * undone is not done again.
 */
final class Recorder implements ExternalWorld {
    private final List<String> effects = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final Set<String> done = new HashSet<>();
    private final Set<String> undone = new HashSet<>();
    private final Map<String, Integer> barred = new HashMap<>();

    @Override
    public synchronized String ask(String what, String key, int attempt) {
        String base = key.replace("/undo", "");
        calls.add(what + " " + attempt);
        if (what.startsWith("probe-")) {
            if (done.contains(base)) {
                return "happened";
            }
            barred.merge(base, attempt, Math::max);
            return "did not happen";
        } else if (what.startsWith("un")) {
            if (undone.add(base)) {
                effects.add(what);
            }
            return "ok";
        } else if (attempt <= barred.getOrDefault(base, 0) || undone.contains(base)) {
            return "barred";
        }
        if (done.add(base)) {
            effects.add(what);
        }
        return "ok";
    }

    /** What took effect, in order. */
    synchronized List<String> effects() {
        return List.copyOf(effects);
    }

    /** What was asked for, in order. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }
}
