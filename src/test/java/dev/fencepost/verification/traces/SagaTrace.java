package dev.fencepost.verification.traces;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Translates the steps of one saga into the terms of Sagas: its claims are numbered in the order of their grants. */
final class SagaTrace {
    private static final Set<String> RESTS = Set.of("completed", "compensated", "stuck");
    private static final int UNKNOWN = 1_000_000;

    private final Map<Long, Integer> runs = new HashMap<>();
    private final Set<Long> processes = new TreeSet<>();
    private final List<String> lines = new ArrayList<>();
    private boolean rests;
    private boolean cancelled;

    private SagaTrace() {}

    /** Returns the steps of each saga: its entries, the grants of its claims, and the refusals under them. */
    static List<List<Step>> group(List<Step> steps) {
        Map<String, Long> sagas = new HashMap<>();
        Map<Long, String> keys = new HashMap<>();
        for (Step step : steps) {
            if (step.is("claim", "applied")) {
                keys.put(
                        step.what().claim().orElseThrow(),
                        step.keys().get(0).key().orElseThrow());
            } else if (step.is("entry")) {
                step.what()
                        .claim()
                        .ifPresent(claim ->
                                sagas.put(keys.get(claim), step.what().saga().orElseThrow()));
            }
        }
        Map<Long, List<Step>> groups = new LinkedHashMap<>();
        for (Step step : steps) {
            boolean told = step.is("entry") || step.is("claim", "applied") || step.is("commit", "fenced");
            Optional<Long> saga = step.what()
                    .saga()
                    .or(() -> step.claims().stream().findFirst().map(keys::get).map(sagas::get));
            if (told && saga.isPresent()) {
                groups.computeIfAbsent(saga.get(), any -> new ArrayList<>()).add(step);
            }
        }
        return new ArrayList<>(groups.values());
    }

    static SagaTrace of(List<Step> steps) {
        SagaTrace trace = new SagaTrace();
        steps.forEach(step -> trace.line(step).ifPresent(trace.lines::add));
        return trace;
    }

    static String module(List<List<SagaTrace>> bundles) {
        Set<Long> all = new TreeSet<>();
        bundles.forEach(bundle -> bundle.forEach(trace -> all.addAll(trace.processes)));
        String literal = Tla.sequence(bundles.stream()
                .map(bundle -> Tla.sequence(
                        bundle.stream().map(trace -> Tla.sequence(trace.lines)).toList()))
                .toList());
        return "---- MODULE TraceData ----\nEXTENDS Integers, Sequences, TLC\nTraceAgents == " + Tla.set(all)
                + "\nBundles ==\n" + literal + "\n====\n";
    }

    int length() {
        return lines.size();
    }

    private Optional<String> line(Step step) {
        Map<String, Object> fields = new LinkedHashMap<>();
        String how = step.what().how();
        if (step.is("claim")) {
            return take(step, fields);
        } else if (step.is("commit")) {
            fields.put("did", Tla.text("fenced"));
            fields.put("run", run(step));
        } else if (how.equals("begun") || (how.equals("cancel-requested") && cancelled)) {
            return Optional.empty();
        } else if (how.equals("cancel-requested")) {
            cancelled = true;
            fields.put("did", Tla.text("cancel"));
        } else {
            rests |= RESTS.contains(how);
            fields.put("did", Tla.text("entry"));
            fields.put("kind", Tla.text(how));
            fields.put("run", run(step));
            fields.put(
                    "step",
                    step.what()
                            .key()
                            .map(name -> TraceSaga.STEPS.indexOf(name) + 1)
                            .orElse(1));
            fields.put("attempt", step.what().version().orElse(0L));
        }
        return Optional.of(Tla.record(fields));
    }

    /**
     * Returns the grant of a claim. A coordinator that finds the saga at rest releases it without an entry; the
     * specification has no such claims.
     */
    private Optional<String> take(Step step, Map<String, Object> fields) {
        if (rests) {
            return Optional.empty();
        }
        runs.put(step.what().claim().orElseThrow(), runs.size() + 1);
        processes.add(step.process());
        Set<String> endings = new HashSet<>();
        step.ended().forEach(row -> endings.add(row.how()));
        fields.put("did", Tla.text("take"));
        fields.put("who", step.process());
        fields.put("run", runs.size());
        fields.put("ended", Tla.text(endings.contains("holder-dead") ? "dead" : "past"));
        return Optional.of(Tla.record(fields));
    }

    private int run(Step step) {
        return step.claims().stream().findFirst().map(runs::get).orElse(UNKNOWN);
    }
}
