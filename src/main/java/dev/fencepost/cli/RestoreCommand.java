package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.AdoptionReport;
import dev.fencepost.RestoreOptions;
import dev.fencepost.Store;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        header = "Replace the store by a backup.",
        description =
                "Refused while a process has the store open. The store gets a new ID and all claims end. It refuses"
                        + " earlier tokens, positions and snapshots. FILE is not changed.")
final class RestoreCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "FILE", description = "The backup, or another copy of the store.")
    private Path file = Path.of("");

    @Option(
            names = "--force",
            description = "Replacement even of a file that cannot be read as a store. Close all processes first.")
    private boolean force;

    RestoreCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        RestoreOptions options = RestoreOptions.by(root.agentName());
        AdoptionReport report = Store.restore(root.config(), file, force ? options.forced() : options);
        root.output()
                .print(
                        json(report).put("backup", file.toString()),
                        report.file() + " was restored from " + file + " " + sentence(report));
        if (!report.epochsKnown()) {
            root.output()
                    .note("The epochs of the replaced file are unknown, so an epoch that it granted may be granted"
                            + " again.");
        }
        return Exit.DONE;
    }

    static ObjectNode json(AdoptionReport report) {
        return Json.object()
                .put("store", report.file().toString())
                .put("id", report.storeId())
                .put("formerId", report.formerId())
                .put("sequence", report.sequence())
                .put("endedClaims", report.endedClaims())
                .put("epochsKnown", report.epochsKnown());
    }

    static String sentence(AdoptionReport report) {
        return "under the new ID " + report.storeId() + "; claims ended: " + report.endedClaims();
    }
}
