package dev.fencepost.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The layout of some measurements: settings that are the same everywhere are shown once, and the others are columns.
 *
 * @param names all settings, in the order in which they first appear
 * @param common the settings that are the same everywhere, with their values
 * @param varying the other settings
 */
record Layout(List<String> names, Map<String, String> common, List<String> varying) {
    static Layout of(Collection<? extends Measurement> all) {
        Map<String, Set<String>> values = new LinkedHashMap<>();
        for (Measurement one : all) {
            one.settings()
                    .forEach((name, value) -> values.computeIfAbsent(name, fresh -> new LinkedHashSet<>())
                            .add(value));
        }
        Map<String, String> common = new LinkedHashMap<>();
        List<String> varying = new ArrayList<>();
        values.forEach((name, seen) -> {
            boolean everywhere = all.stream().allMatch(one -> one.settings().containsKey(name));
            if (seen.size() == 1 && everywhere) {
                common.put(name, seen.iterator().next());
            } else {
                varying.add(name);
            }
        });
        return new Layout(List.copyOf(values.keySet()), common, varying);
    }

    /** Returns a subject with these of its settings. */
    static String label(Measurement one, Collection<String> names) {
        String words = words(one.settings(), names);
        return words.isEmpty() ? one.subject() : one.subject() + ", " + words;
    }

    /** Returns these settings in words: {@code keys 1000, durability power loss}. */
    static String words(Map<String, String> settings, Collection<String> names) {
        return String.join(
                ", ",
                names.stream()
                        .filter(settings::containsKey)
                        .map(name -> name + " " + settings.get(name))
                        .toList());
    }
}
