package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import java.io.IOException;
import java.util.List;

/**
 * A scenario of write skew: two agents each read two keys and write one, and together break a rule that neither broke
 * alone.
 */
final class WriteSkew {
    private static final String PREFIX = "demo/on-call/";

    private WriteSkew() {}

    static void run(DemoEnvironment demo, ScenarioReport report) throws IOException {
        List<WorkerProcess> both = demo.workers().subList(0, 2);
        report.introduce("ann and bob each have a key, on or off. Each leaves only after seeing that both are on.");
        before(demo, report, both);
        after(demo, report, both);
    }

    private static void before(DemoEnvironment demo, ScenarioReport report, List<WorkerProcess> both)
            throws IOException {
        both.forEach(worker -> demo.plain().write(PREFIX + worker.name(), "on"));
        WorkerProcess.askAll(both, "plain-leave", PREFIX);
        long left = left(WorkerProcess.askAll(both, Worker.GO));
        int on = demo.plain().count(PREFIX, "on");
        report.part(
                        "before",
                        "a plain table, with a version check on each key that is written",
                        left + " of 2 left, and " + on
                                + " are on call: each wrote its own key, whose version had not changed.")
                .put("left", left)
                .put("onCall", on);
        report.expect("with version checks on each key, neither stayed on call", on == 0);
    }

    private static void after(DemoEnvironment demo, ScenarioReport report, List<WorkerProcess> both)
            throws IOException {
        Store store = demo.store();
        for (WorkerProcess worker : both) {
            store.agent("demo").put(Key.text(PREFIX + worker.name()), "on").orThrow();
        }
        WorkerProcess.askAll(both, "leave", PREFIX);
        List<JsonNode> answers = WorkerProcess.askAll(both, Worker.GO);
        long left = left(answers);
        long runs = answers.stream().mapToLong(one -> one.path("runs").asLong()).sum();
        List<String> on = store.list(Prefix.text(PREFIX)).stream()
                .filter(one -> one.value().equals("on"))
                .map(one -> one.key().name().substring(PREFIX.length()))
                .toList();
        report.part(
                        "after",
                        "agent.transact(tx -> if tx.list(on-call) has both, tx.put(mine, off))",
                        left + " of 2 left. The other's commit was refused, because a key that it had read was"
                                + " changed;",
                        "its function ran again, found itself alone, and stayed: on call is " + String.join(" and ", on)
                                + ".")
                .put("left", left)
                .put("onCall", on.size())
                .put("runs", runs);
        report.expect("with a transaction, one left and one stayed", left == 1 && on.size() == 1);
        report.expect("the second was refused and ran again", runs == 3);
    }

    private static long left(List<JsonNode> answers) {
        return answers.stream()
                .filter(answer -> answer.path("left").asBoolean())
                .count();
    }
}
