package dev.fencepost.cli;

import dev.fencepost.Committed;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.Store;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        header = "Write the value of a key.",
        description = "Refused if another agent claims the key. Write -- before a value that begins with '-'.")
final class PutCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE|-", description = "The value; - reads it from standard input.")
    private String value = "";

    @ArgGroup
    private PreconditionOptions demand = new PreconditionOptions();

    @Mixin
    private ClaimOption claiming = new ClaimOption();

    PutCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Key<String> wanted = Key.text(key);
        Precondition<String> precondition = demand.precondition();
        String text = value.equals("-") ? root.standardInput() : value;
        try (Store store = root.open()) {
            Committed<String> committed =
                    claiming.writer(root, store).put(wanted, text, precondition).orThrow();
            root.output()
                    .print(
                            Json.stamp(Json.key(key), committed.stamp()),
                            "'" + key + "' is at version " + committed.version());
            return Exit.DONE;
        }
    }
}
