package dev.fencepost.cli;

import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.Store;
import dev.fencepost.WriteResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "delete", header = "Delete a key.", description = "The deletion is a new version; the history remains.")
final class DeleteCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "The key.")
    private String key = "";

    @ArgGroup
    private PreconditionOptions demand = new PreconditionOptions();

    @Mixin
    private ClaimOption claiming = new ClaimOption();

    DeleteCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        Key<String> wanted = Key.text(key);
        Precondition<String> precondition = demand.precondition();
        try (Store store = root.openExisting()) {
            WriteResult<String> result = claiming.writer(root, store).tryDelete(wanted, precondition);
            if (precondition instanceof Precondition.None && result instanceof Conflict<String> absent) {
                throw NotFoundException.key(wanted, absent.latest());
            }
            Committed<String> committed = result.orThrow();
            root.output()
                    .print(
                            Json.stamp(Json.key(key), committed.stamp()).put("deleted", true),
                            "'" + key + "' was deleted as version " + committed.version());
            return Exit.DONE;
        }
    }
}
