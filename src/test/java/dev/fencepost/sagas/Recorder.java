package dev.fencepost.sagas;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An outside world that honours the contract of idempotency keys. It executes a repeated request once. After the answer
 * that an action did not happen, it rejects all earlier attempts. It never repeats an action that was compensated.
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

    /** Returns the actions that took effect, in order. */
    synchronized List<String> effects() {
        return List.copyOf(effects);
    }

    /** Returns the requests, in order. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }
}
