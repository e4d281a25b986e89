package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The report of a scenario.
 *
 * @param setting sentences that introduce the scenario
 * @param parts sentences for people by part, {@code before} or {@code after}
 * @param facts facts for programs by part
 * @param expectations expectations with their results
 */
record ScenarioReport(
        List<String> setting,
        Map<String, List<String>> parts,
        Map<String, ObjectNode> facts,
        List<Expectation> expectations) {

    /** An expectation, and whether it was met. */
    record Expectation(String text, boolean met) {}

    ScenarioReport() {
        this(new ArrayList<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
    }

    /** Adds sentences that introduce the scenario. */
    void introduce(String... sentences) {
        setting.addAll(List.of(sentences));
    }

    /** Adds sentences about a part, and returns its facts for the caller to fill in. */
    ObjectNode part(String name, String... sentences) {
        parts.computeIfAbsent(name, none -> new ArrayList<>()).addAll(List.of(sentences));
        return facts.computeIfAbsent(name, none -> JsonNodeFactory.instance.objectNode());
    }

    void expect(String text, boolean met) {
        expectations.add(new Expectation(text, met));
    }

    boolean passed() {
        return !expectations.isEmpty() && expectations.stream().allMatch(Expectation::met);
    }

    ObjectNode json(Scenario scenario, Path file) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("scene", scenario.name())
                .put("title", scenario.title())
                .put("passed", passed())
                .put("store", file.toString());
        facts.forEach(node::set);
        ArrayNode list = node.putArray("expectations");
        expectations.forEach(one -> list.addObject().put("what", one.text()).put("met", one.met()));
        return node;
    }
}
