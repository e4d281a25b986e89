package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The report of a scenario: sentences for people, facts for programs, and expectations with their results. */
final class ScenarioReport {
    /** An expectation, and whether it was met. */
    record Expectation(String what, boolean met) {}

    private final List<String> setting = new ArrayList<>();
    private final Map<String, List<String>> acts = new LinkedHashMap<>();
    private final Map<String, ObjectNode> facts = new LinkedHashMap<>();
    private final List<Expectation> expectations = new ArrayList<>();

    /** Adds sentences that introduce the scenario. */
    ScenarioReport setting(String... sentences) {
        setting.addAll(List.of(sentences));
        return this;
    }

    /**
     * Adds sentences about one act, {@code before} or {@code after}. Returns the facts of the act, for the caller to
     * fill in.
     */
    ObjectNode act(String name, String... sentences) {
        acts.computeIfAbsent(name, none -> new ArrayList<>()).addAll(List.of(sentences));
        return facts.computeIfAbsent(name, none -> JsonNodeFactory.instance.objectNode());
    }

    /** Adds an expectation. */
    void expect(String what, boolean met) {
        expectations.add(new Expectation(what, met));
    }

    boolean passed() {
        return !expectations.isEmpty() && expectations.stream().allMatch(Expectation::met);
    }

    List<String> setting() {
        return List.copyOf(setting);
    }

    Map<String, List<String>> acts() {
        return acts;
    }

    Map<String, ObjectNode> facts() {
        return facts;
    }

    List<Expectation> expectations() {
        return List.copyOf(expectations);
    }
}
