package dev.fencepost.specs;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A configuration of the model checker. Comments of the form {@code \* Name: value} contain data for the tests. */
record SpecConfig(String name, String text) {
    private static final Pattern OVERRIDE = Pattern.compile("(?m)^CONSTANT (\\w+) <- \\w+$");

    String module() {
        return required("Module");
    }

    long distinctStates() {
        return Long.parseLong(required("Distinct states"));
    }

    /** Returns the actions that the bounds of this model rule out. */
    Set<String> actionsNotTaken() {
        return said("Not taken").map(names -> Set.of(names.split(" "))).orElse(Set.of());
    }

    /** Returns the name of the model that a mutant changes. */
    String base() {
        return required("Base");
    }

    /** Returns the law that a mutant breaks. */
    String red() {
        return required("Red");
    }

    /** Returns the operator that a mutant replaces. */
    String overridden() {
        Matcher override = OVERRIDE.matcher(text);
        if (!override.find()) {
            throw new IllegalStateException(name + " replaces no operator");
        }
        return override.group(1);
    }

    Set<String> invariants() {
        return listed(Set.of("INVARIANT", "INVARIANTS"));
    }

    Set<String> properties() {
        return listed(Set.of("PROPERTY", "PROPERTIES"));
    }

    /** Returns this model as a mutant changes it. A mutant's module is named like its configuration. */
    SpecConfig with(SpecConfig mutant) {
        return new SpecConfig(mutant.name, "\\* Module: " + mutant.name + "\n" + text + mutant.text);
    }

    /** Returns the words after one of the keywords, up to the next line without indentation. */
    private Set<String> listed(Set<String> keywords) {
        Set<String> names = new LinkedHashSet<>();
        boolean inside = false;
        for (String line : text.lines().toList()) {
            List<String> words = List.of(line.strip().split("\\s+"));
            boolean opens = !line.startsWith(" ");
            inside = opens ? keywords.contains(words.get(0)) : inside;
            if (inside) {
                names.addAll(opens ? words.subList(1, words.size()) : words);
            }
        }
        return names;
    }

    private Optional<String> said(String what) {
        Matcher matcher = Pattern.compile("(?m)^\\\\\\* " + what + ": (.+)$").matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }

    private String required(String what) {
        return said(what).orElseThrow(() -> new IllegalStateException(name + " does not say '" + what + "'"));
    }
}
