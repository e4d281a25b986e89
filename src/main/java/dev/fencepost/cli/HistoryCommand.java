package dev.fencepost.cli;

import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.Store;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "history", header = "List the versions of a key, newest first.")
final class HistoryCommand implements Callable<Integer> {
    private final Root root;

    @Parameters(paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Option(names = "--limit", paramLabel = "N", description = "Only the newest versions. Default: all.")
    private int limit = Integer.MAX_VALUE;

    HistoryCommand(Root root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        Key<String> wanted = Key.text(key);
        try (Store store = root.openExisting()) {
            List<Change<String>> versions = store.history().of(wanted, limit);
            if (versions.isEmpty()) {
                throw NotFoundException.history(wanted);
            }
            root.output()
                    .print(
                            versions.stream().map(Json::change).toList(),
                            List.of("VERSION", "SEQUENCE", "WRITER", "COMMITTED", "VALUE"),
                            versions.stream().map(HistoryCommand::row).toList());
            return Exit.DONE;
        }
    }

    private static List<String> row(Change<String> change) {
        return List.of(
                Long.toString(change.stamp().version()),
                Long.toString(change.stamp().sequence()),
                change.stamp().writer(),
                Json.time(change.stamp().committedAt()),
                change.value().map(Preview::of).orElse("(deleted)"));
    }
}
