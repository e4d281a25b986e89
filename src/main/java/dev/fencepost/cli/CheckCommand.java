package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.CheckReport;
import dev.fencepost.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "check",
        header = "Check the whole file.",
        description = "Runs SQLite's integrity check, and checks the rules of the store. Exits with 1 if it finds"
                + " anything.")
final class CheckCommand implements Callable<Integer> {
    private final RootCommand root;

    CheckCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            CheckReport report = store.check();
            root.output().print(json(store, report), lines(store, report));
            return report.healthy() ? Exit.DONE : Exit.UNEXPECTED;
        }
    }

    private static ObjectNode json(Store store, CheckReport report) {
        ObjectNode node = Json.object()
                .put("store", store.file().toString())
                .put("id", store.id())
                .put("healthy", report.healthy())
                .put("keys", report.keys())
                .put("versions", report.versions())
                .put("commits", report.commits());
        ArrayNode findings = node.putArray("findings");
        report.findings().forEach(findings::add);
        return node;
    }

    private static List<String> lines(Store store, CheckReport report) {
        String counts = store.file() + ": " + report.keys() + " keys, " + report.versions() + " versions, "
                + report.commits() + " commits; ";
        List<String> lines = new ArrayList<>();
        lines.add(counts + (report.healthy() ? "no findings" : "findings:"));
        report.findings().forEach(finding -> lines.add("  " + finding));
        return lines;
    }
}
