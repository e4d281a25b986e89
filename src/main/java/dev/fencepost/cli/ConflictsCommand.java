package dev.fencepost.cli;

import dev.fencepost.KeptRefusal;
import dev.fencepost.Store;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "conflicts",
        header = "List who was refused, by whom, and why, newest first.",
        description =
                "Kept of writes that are made with @|bold --provenance|@, or by a store that keeps it; the newest 100,000.")
final class ConflictsCommand implements Callable<Integer> {
    private final Root root;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Only the newest. Default: ${DEFAULT-VALUE}.")
    private int limit;

    ConflictsCommand(Root root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            List<KeptRefusal> refusals = store.history().refusals(limit);
            root.output()
                    .print(
                            refusals.stream().map(TimeJson::refusal).toList(),
                            List.of("AT", "SEQUENCE", "AGENT", "PID", "KIND", "NAME", "BY", "WHY"),
                            refusals.stream().map(ConflictsCommand::row).toList());
            if (refusals.isEmpty()) {
                root.output()
                        .note(
                                "No refusals are kept; write with --provenance, or with FENCEPOST_PROVENANCE=true, and new"
                                        + " ones will be.");
            }
            return Exit.DONE;
        }
    }

    private static List<String> row(KeptRefusal refusal) {
        return List.of(
                Json.time(refusal.at()),
                Long.toString(refusal.sequence()),
                refusal.agent(),
                Long.toString(refusal.pid()),
                refusal.kind(),
                refusal.name(),
                refusal.by().orElse("-"),
                refusal.message());
    }
}
