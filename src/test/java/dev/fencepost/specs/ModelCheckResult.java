package dev.fencepost.specs;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The result of the model checker for one configuration. */
record ModelCheckResult(SpecConfig config, int exit, String log) {
    static final int TIMED_OUT = -1;
    static final int HOLDS = 0;
    static final int INVARIANT_VIOLATED = 12;
    static final int PROPERTY_VIOLATED = 13;

    private static final Pattern NAMED = Pattern.compile("Error: (?:Invariant|Action property) (\\w+) is violated");
    private static final String UNNAMED = "Error: Temporal properties were violated.";
    private static final Pattern END =
            Pattern.compile("(?m)^\\d+ states generated, (\\d+) distinct states found, (\\d+) states left on queue\\.");
    private static final Pattern TAKEN = Pattern.compile(
            "(?m)^<(\\w+) line \\d+, col [ \\w,]+ of module \\w+(?: \\((\\d+) [ \\d]+\\))?>: \\d+:(\\d+)");

    /** Returns the violated law. The checker does not name a temporal one, so a model has at most one of these. */
    Optional<String> red() {
        Matcher named = NAMED.matcher(log);
        if (named.find()) {
            return Optional.of(named.group(1));
        }
        return log.contains(UNNAMED) ? Optional.of(String.join(" or ", config.properties())) : Optional.empty();
    }

    /** Returns the log without its beginning, which has nothing about the specification. */
    String findings() {
        return log.substring(Math.max(0, log.indexOf("Starting...")));
    }

    long distinctStates() {
        return Long.parseLong(end().group(1));
    }

    long statesLeft() {
        return Long.parseLong(end().group(2));
    }

    /** Returns the actions that were taken, as the checker counted them. */
    Set<String> actionsTaken() {
        SpecModule module = Specs.module(config.module());
        Set<String> taken = new TreeSet<>();
        TAKEN.matcher(log).results().forEach(action -> {
            if (!action.group(3).equals("0") && !action.group(1).equals("Init")) {
                // Where an action depends on the state, the checker names only its line.
                taken.add(
                        action.group(2) == null
                                ? action.group(1)
                                : module.actionAtLine(Integer.parseInt(action.group(2))));
            }
        });
        return taken;
    }

    private Matcher end() {
        Matcher end = END.matcher(log);
        if (!end.find()) {
            throw new AssertionError("The model checker did not end:\n" + findings());
        }
        return end;
    }
}
