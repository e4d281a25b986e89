package dev.fencepost.verification.traces;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Divides a trace into traces of independent keys. Keys are in one group if a step accesses both. So each step stays
 * one step.
 */
final class KeyGroups {
    private final Map<String, String> leaders = new HashMap<>();
    private final Map<Long, Set<String>> keysOfClaims = new HashMap<>();
    private final Map<String, List<Step>> groups = new LinkedHashMap<>();

    private KeyGroups() {}

    static List<List<Step>> of(List<Step> steps) {
        KeyGroups groups = new KeyGroups();
        steps.forEach(groups::learn);
        steps.forEach(groups::sort);
        return new ArrayList<>(groups.groups.values());
    }

    private void learn(Step step) {
        if (step.is("claim", "applied")) {
            Set<String> keys = new LinkedHashSet<>();
            step.keys().forEach(row -> keys.add(row.key().orElseThrow()));
            step.claims().forEach(claim -> keysOfClaims.put(claim, keys));
        }
        Set<String> touched = touched(step);
        touched.forEach(key -> unite(touched.iterator().next(), key));
    }

    private void sort(Step step) {
        Set<String> touched = touched(step);
        if (!touched.isEmpty()) {
            groups.computeIfAbsent(leader(touched.iterator().next()), any -> new ArrayList<>())
                    .add(step);
        }
    }

    private Set<String> touched(Step step) {
        Set<String> touched = new LinkedHashSet<>();
        if (step.is("entry")) {
            return touched;
        }
        step.keys().forEach(row -> touched.add(row.key().orElseThrow()));
        step.claims().forEach(claim -> touched.addAll(keysOfClaims.getOrDefault(claim, Set.of())));
        step.ended()
                .forEach(row ->
                        touched.addAll(keysOfClaims.getOrDefault(row.claim().orElseThrow(), Set.of())));
        return touched;
    }

    private void unite(String one, String other) {
        leaders.put(leader(other), leader(one));
    }

    private String leader(String key) {
        String next = leaders.getOrDefault(key, key);
        return next.equals(key) ? key : leader(next);
    }
}
