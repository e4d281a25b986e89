package dev.fencepost.verification.traces;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Translates the steps of one group of keys into the terms of FencedCommit: its claims are numbered in the order of
 * their grants.
 */
final class CommitTrace {
    /**
     * Outcomes outside the scope of FencedCommit. Such steps are left out; they changed no state of the specification.
     */
    private static final Set<String> ELSEWHERE = Set.of("objected", "read", "stream", "behind");

    private static final int UNKNOWN = 1_000_000;
    private static final int IN_PARTICULAR_NONE = -1;

    private final Map<String, String> keys = new LinkedHashMap<>();
    private final Map<Long, Integer> claims = new HashMap<>();
    private final Set<Long> processes = new TreeSet<>();
    private final List<String> lines = new ArrayList<>();

    private CommitTrace() {}

    static CommitTrace of(List<Step> steps) {
        CommitTrace trace = new CommitTrace();
        steps.forEach(step -> trace.line(step).ifPresent(trace.lines::add));
        return trace;
    }

    int length() {
        return lines.size();
    }

    /**
     * Returns the module that holds bundles of traces.
     *
     * @param bundles the bundles, each of which is accepted or rejected independently
     */
    static String module(List<List<CommitTrace>> bundles) {
        Set<String> allKeys = new LinkedHashSet<>();
        Set<Long> allProcesses = new TreeSet<>();
        bundles.stream().flatMap(Collection::stream).forEach(trace -> {
            allKeys.addAll(trace.keys.values());
            allProcesses.addAll(trace.processes);
        });
        String literal = Tla.sequence(bundles.stream()
                .map(bundle -> Tla.sequence(
                        bundle.stream().map(trace -> Tla.sequence(trace.lines)).toList()))
                .toList());
        return "---- MODULE TraceData ----\nEXTENDS Integers, Sequences, TLC\n" + "TraceKeys == " + Tla.set(allKeys)
                + "\nTraceAgents == " + Tla.set(allProcesses) + "\nBundles ==\n" + literal + "\n====\n";
    }

    private Optional<String> line(Step step) {
        if (ELSEWHERE.containsAll(List.of(step.what().how().split(" ")))) {
            return Optional.empty();
        }
        processes.add(step.process());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("who", step.process());
        switch (step.what().what()) {
            case "commit" -> commit(step, fields);
            case "claim" -> claim(step, fields);
            case "renew", "release" -> onClaim(step, step.what().what(), fields);
            case "end" -> {
                boolean revoked = step.what().how().equals("revoked");
                onClaim(step, revoked ? "revoke" : "release", fields);
                fields.put("ended", Tla.function(Map.of(number(step.claims().get(0)), Tla.text("asked"))));
            }
            default -> throw new IllegalArgumentException("FencedCommit knows no " + step);
        }
        return Optional.of(Tla.record(fields));
    }

    private void commit(Step step, Map<String, Object> fields) {
        boolean applied = step.what().how().equals("applied");
        Map<String, String> writes = new LinkedHashMap<>();
        Map<String, String> found = new LinkedHashMap<>();
        Map<String, Long> left = new LinkedHashMap<>();
        for (Step.Row row : step.keys()) {
            String key = key(row);
            if (row.isWrite()) {
                Map<String, Object> write = new LinkedHashMap<>();
                write.put("deleted", row.what().equals("delete") ? "TRUE" : "FALSE");
                write.put("expects", expects(row));
                writes.put(key, Tla.record(write));
            }
            row.was().ifPresent(was -> {
                found.put(key, "<<" + was + ", " + row.epoch().orElseThrow() + ">>");
                left.put(key, row.version().orElseThrow());
            });
        }
        fields.put("did", Tla.text("commit"));
        fields.put("under", Tla.set(step.claims().stream().map(this::number).toList()));
        fields.put("writes", Tla.function(writes));
        fields.put("found", Tla.function(found));
        fields.put("left", Tla.function(left));
        fields.put(
                "verdict",
                Tla.text(applied || step.is("commit", "fenced") ? step.what().how() : "conflict or claimed"));
        fields.put("ended", ended(step));
    }

    private void claim(Step step, Map<String, Object> fields) {
        boolean granted = step.what().how().equals("applied");
        // The claims that it ends were granted before it.
        String ended = ended(step);
        if (granted) {
            claims.put(step.what().claim().orElseThrow(), claims.size() + 1);
        }
        Map<String, Long> epochs = step.keys().stream()
                .collect(Collectors.toMap(
                        this::key, row -> row.epoch().orElseThrow(), (one, other) -> one, LinkedHashMap::new));
        fields.put("did", Tla.text("claim"));
        fields.put("claim", granted ? number(step.what().claim().orElseThrow()) : 0);
        fields.put("epochs", Tla.function(epochs));
        fields.put("verdict", Tla.text(granted ? "applied" : "busy"));
        fields.put("ended", ended);
    }

    private void onClaim(Step step, String did, Map<String, Object> fields) {
        int number = number(step.what().claim().orElseThrow());
        boolean fenced = step.what().how().equals("fenced");
        boolean ends = did.equals("release") && !fenced;
        fields.put("did", Tla.text(did));
        fields.put("claim", number);
        fields.put("verdict", Tla.text(fenced ? "fenced" : "applied"));
        fields.put("ended", Tla.function(ends ? Map.of(number, Tla.text("asked")) : Map.of()));
    }

    private String ended(Step step) {
        Map<Integer, String> ended = new LinkedHashMap<>();
        step.ended()
                .forEach(row -> ended.put(
                        number(row.claim().orElseThrow()),
                        Tla.text(row.how().equals("holder-dead") ? "dead" : "past")));
        return Tla.function(ended);
    }

    /** Returns the precondition. Presence becomes the key's version, which an absent key does not have. */
    private static long expects(Step.Row row) {
        return switch (row.how()) {
            case "" -> IN_PARTICULAR_NONE;
            case "absent" -> 0;
            case "present" -> Math.max(1, row.was().orElse(1L));
            case "version" -> row.expects().orElseThrow();
            default -> throw new IllegalArgumentException("FencedCommit knows no precondition " + row);
        };
    }

    private String key(Step.Row row) {
        return keys.computeIfAbsent(row.key().orElseThrow(), any -> Tla.text("k" + (keys.size() + 1)));
    }

    private int number(long claim) {
        return claims.getOrDefault(claim, UNKNOWN);
    }
}
