package dev.fencepost.cli;

import dev.fencepost.Page;
import dev.fencepost.Store;
import dev.fencepost.history.RefusalRecord;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "conflicts",
        header = "List refused writes, newest first.",
        description =
                "Refusals are recorded for writes with @|bold --provenance|@, or by a store that records provenance;"
                        + " the newest 100,000 are retained.")
final class ConflictsCommand implements Callable<Integer> {
    private final RootCommand root;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The maximum number of refusals, up to 10000. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--after",
            paramLabel = "N",
            description = "The refusal before which to begin. Default: begin with the newest.")
    private long after = Long.MAX_VALUE;

    ConflictsCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            Page<RefusalRecord> refusals = store.history().refusals(after, limit);
            root.output()
                    .print(
                            refusals.stream().map(TimeJson::refusal).toList(),
                            List.of("NUMBER", "AT", "SEQUENCE", "AGENT", "PID", "KIND", "NAME", "BY", "WHY"),
                            refusals.stream().map(ConflictsCommand::row).toList());
            Paging.note(root.output(), refusals, last -> Long.toString(last.number()));
            if (refusals.isEmpty() && after == Long.MAX_VALUE) {
                root.output()
                        .note("No recorded refusals. To record new ones, write with --provenance or"
                                + " FENCEPOST_PROVENANCE=true.");
            }
            return Exit.DONE;
        }
    }

    private static List<String> row(RefusalRecord refusal) {
        return List.of(
                Long.toString(refusal.number()),
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
