package dev.fencepost.verification.traces;

import dev.fencepost.specs.ModelChecker;
import dev.fencepost.specs.Specs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs the model checker to find the traces that a specification allows. */
final class TraceChecker {
    private static final int SOME_ACCEPTED = 12;
    private static final int ALL_REJECTED = 0;
    private static final Pattern ACCEPTED = Pattern.compile("<<\"accepted\", (\\d+)>>");
    private static final Pattern STATES = Pattern.compile("(\\d+) distinct states found");

    private final Path folder;
    private final String module;
    private int runs;

    /**
     * Creates a checker.
     *
     * @param module a module in the folder {@code specs/traces}
     */
    TraceChecker(Path folder, String module) {
        this.folder = folder;
        this.module = module;
    }

    /**
     * The result of a check.
     *
     * @param accepted the accepted bundles, counted from 1
     */
    record Answer(Set<Integer> accepted, long states, int exit, String end) {}

    /**
     * Checks a trace. If the specification allows it, its end is reached, which violates the invariant that it is not.
     */
    Answer check(String data) throws Exception {
        Answer answer = run(data, List.of());
        int exit = answer.accepted.isEmpty() ? ALL_REJECTED : SOME_ACCEPTED;
        if (answer.exit != exit) {
            throw new AssertionError("The model checker ended with " + answer.exit + ":\n" + answer.end);
        }
        return answer;
    }

    /** Checks several bundles. Reaching the end of one does not end the search for others. */
    Answer checkEach(String data) throws Exception {
        Answer answer = run(data, List.of("-continue"));
        if (answer.exit != ALL_REJECTED) {
            throw new AssertionError("The model checker ended with " + answer.exit + ":\n" + answer.end);
        }
        return answer;
    }

    private Answer run(String data, List<String> options) throws Exception {
        Path run = Files.createDirectory(folder.resolve(module + "-" + ++runs));
        Specs.copyModules(run);
        Files.copy(own(".tla"), run.resolve(module + ".tla"));
        Files.writeString(run.resolve("TraceData.tla"), data);
        Files.copy(own(".cfg"), run.resolve("Model.cfg"));
        Path log = run.resolve("log");
        List<String> all = new ArrayList<>(options);
        all.add("-difftrace");
        int exit = new ModelChecker(folder)
                .run(run, module, log, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss64m"), all);
        String said = Files.readString(log);
        Set<Integer> accepted = ACCEPTED.matcher(said)
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
        Matcher states = STATES.matcher(said);
        String end = said.substring(Math.max(0, said.length() - 4_000));
        if (!states.find() || accepted.isEmpty() == said.contains("Invariant NotAtTheEnd is violated")) {
            throw new AssertionError("The model checker came to no end (" + exit + ") in " + log + ":\n" + end);
        }
        return new Answer(accepted, Long.parseLong(states.group(1)), exit, end);
    }

    private Path own(String ending) {
        return Specs.FOLDER.resolve("traces").resolve(module + ending);
    }
}
