package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Key;
import dev.fencepost.Versioned;
import java.io.IOException;
import java.util.List;

/** A scenario in which all agents add one to the same number at the same moment. */
final class LostUpdates {
    private static final String KEY = "demo/counter";
    private static final int ROUNDS = 20;

    private LostUpdates() {}

    static void run(DemoEnvironment demo, ScenarioReport report) throws IOException {
        int additions = ROUNDS * demo.workers().size();
        report.introduce("In each of " + ROUNDS + " rounds, all six read the counter before any of them writes it: "
                + additions + " additions.");
        before(demo, report, additions);
        after(demo, report, additions);
        typed(demo, report);
    }

    private static void before(DemoEnvironment demo, ScenarioReport report, int additions) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            WorkerProcess.askAll(demo.workers(), "plain-read", KEY);
            WorkerProcess.askAll(demo.workers(), "plain-add", KEY);
        }
        int counter =
                demo.plain().read(KEY).map(row -> Integer.parseInt(row.value())).orElse(0);
        int lost = additions - counter;
        report.part(
                        "before",
                        "a plain SQLite table: read, compute, write",
                        "The counter is " + counter + ": " + lost + " of " + additions
                                + " updates were lost without an error.")
                .put("additions", additions)
                .put("counter", counter)
                .put("lost", lost);
        report.expect("the plain table lost updates", lost > 0);
    }

    private static void after(DemoEnvironment demo, ScenarioReport report, int additions) throws IOException {
        int again = 0;
        for (int round = 0; round < ROUNDS; round++) {
            WorkerProcess.askAll(demo.workers(), "add", KEY);
            for (JsonNode answer : WorkerProcess.askAll(demo.workers(), Worker.GO)) {
                again += answer.path("runs").asInt() - 1;
            }
        }
        Versioned<String> counter = demo.store().get(Key.text(KEY)).orElseThrow();
        report.part(
                        "after",
                        "agent.update(counter, n -> n + 1)",
                        "The counter is " + counter.value() + ": no update was lost.",
                        again + " writes were refused because another agent had written first, and were computed"
                                + " again.")
                .put("additions", additions)
                .put("counter", Integer.parseInt(counter.value()))
                .put("lost", additions - Integer.parseInt(counter.value()))
                .put("refusedAndRetried", again);
        report.expect("no update was lost", Integer.parseInt(counter.value()) == additions);
        report.expect("every update created a version", counter.version() == additions);
        report.expect("later writers were refused, and retried", again > 0);
    }

    private static void typed(DemoEnvironment demo, ScenarioReport report) throws IOException {
        List<JsonNode> seen = WorkerProcess.askAll(demo.workers(), "read", KEY);
        long version = seen.get(0).path("version").asLong();
        String next = Long.toString(version + 1);
        List<JsonNode> answers = WorkerProcess.askAll(demo.workers(), "put-if", KEY, next);
        List<JsonNode> refused = answers.stream()
                .filter(answer -> !answer.path("committed").asBoolean())
                .toList();
        int committed = answers.size() - refused.size();
        String example = refused.isEmpty()
                ? "no write was refused"
                : refused.get(0).path("message").asText();
        report.part(
                        "typed",
                        "agent.put(counter, " + next + ", ifVersion(" + version + ")), by all six concurrently",
                        committed + " was committed, " + refused.size() + " got a Conflict with the current state:",
                        example)
                .put("expectedVersion", version)
                .put("committed", committed)
                .put("conflicts", refused.size())
                .put("message", example);
        report.expect("of six writes based on one version, exactly one commits", committed == 1);
    }
}
