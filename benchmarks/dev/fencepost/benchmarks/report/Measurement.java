package dev.fencepost.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A measurement of a subject under some settings. */
sealed interface Measurement permits Figure, Latencies {
    String subject();

    /** Returns the settings in display order. */
    Map<String, String> settings();

    /** Returns the subject with these of its settings. */
    default String label(Collection<String> names) {
        Map<String, String> shown = new LinkedHashMap<>();
        names.forEach(name -> shown.computeIfAbsent(name, settings()::get));
        return shown.isEmpty() ? subject() : subject() + ", " + words(shown);
    }

    /** Returns the settings that are the same everywhere, in the order in which they first appear. */
    static Map<String, String> common(List<? extends Measurement> all) {
        Map<String, String> common = new LinkedHashMap<>();
        if (!all.isEmpty()) {
            common.putAll(all.get(0).settings());
            all.forEach(one -> common.entrySet().retainAll(one.settings().entrySet()));
        }
        return common;
    }

    /** Returns the names of the other settings, in the order in which they first appear. */
    static List<String> varying(List<? extends Measurement> all) {
        Set<String> names = new LinkedHashSet<>();
        all.forEach(one -> names.addAll(one.settings().keySet()));
        names.removeAll(common(all).keySet());
        return new ArrayList<>(names);
    }

    /** Returns settings in words: {@code keys 1000, durability power loss}. */
    static String words(Map<String, String> settings) {
        return String.join(
                ", ",
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + " " + setting.getValue())
                        .toList());
    }
}
