package dev.fencepost.specs;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a specification. Only the names of its operators are parsed. */
record SpecModule(String name, String text) {
    private static final Pattern GUARD = Pattern.compile("(?m)^(\\w+Guard)\\b.*==");
    private static final Pattern FAIRNESS = Pattern.compile("(?m)^(\\w+Fairness) ==");
    private static final Pattern NEXT = Pattern.compile("(?ms)^Next ==\\n(.*?)\\n\\n");
    private static final Pattern ACTION = Pattern.compile("([A-Z]\\w*)(?:\\([^()]*\\))?\\s*$");

    Set<String> guards() {
        return names(GUARD);
    }

    Set<String> fairness() {
        return names(FAIRNESS);
    }

    /** Returns the lines that require weak or strong fairness. */
    List<String> fairnessLines() {
        return text.lines()
                .filter(line -> line.contains("WF_") || line.contains("SF_"))
                .toList();
    }

    /** Returns the actions of the next-state relation. Each is at the end of its own line. */
    Set<String> actions() {
        Matcher next = NEXT.matcher(text);
        if (!next.find()) {
            throw new IllegalStateException(name + " has no Next");
        }
        Set<String> actions = new TreeSet<>();
        next.group(1).lines().forEach(line -> actions.add(actionIn(line)));
        return actions;
    }

    /** Returns the action at the end of a line, counted from one. */
    String actionAtLine(int line) {
        return actionIn(text.lines().skip(line - 1L).findFirst().orElseThrow());
    }

    private String actionIn(String line) {
        Matcher action = ACTION.matcher(line);
        if (!action.find()) {
            throw new IllegalStateException("No action in " + name + ": " + line);
        }
        return action.group(1);
    }

    private Set<String> names(Pattern pattern) {
        Set<String> names = new TreeSet<>();
        pattern.matcher(text).results().forEach(result -> names.add(result.group(1)));
        return names;
    }
}
