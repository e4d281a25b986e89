package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happened in a scene: in sentences for people, in facts for programs, and whether it was what should happen. */
final class ScenarioReport {
    /** What should be so, and whether it is. */
    record Expectation(String what, boolean met) {}

    private final List<String> setting = new ArrayList<>();
    private final Map<String, List<String>> acts = new LinkedHashMap<>();
    private final Map<String, ObjectNode> facts = new LinkedHashMap<>();
    private final List<Expectation> expectations = new ArrayList<>();

    /** Tells what the scene is about. */
    ScenarioReport setting(String... sentences) {
        setting.addAll(List.of(sentences));
        return this;
    }

    /** Tells what happened in one act, {@code before} or {@code after}; gives the facts of it, to be filled in. */
    ObjectNode act(String name, String... sentences) {
        acts.computeIfAbsent(name, none -> new ArrayList<>()).addAll(List.of(sentences));
        return facts.computeIfAbsent(name, none -> JsonNodeFactory.instance.objectNode());
    }

    /** Says what should be so. */
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
