package dev.fencepost.cli;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        header = "Print the value of a key.",
        description = "The value is printed to the byte; only at a terminal, a line that lacks its end is ended.")
final class GetCommand implements Callable<Integer> {
    private final Root root;

    @Parameters(paramLabel = "KEY", description = "The key.")
    private String key = "";

    GetCommand(Root root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        Key<String> wanted = Key.text(key);
        try (Store store = root.openExisting()) {
            Optional<Versioned<String>> found = store.get(wanted);
            if (found.isEmpty()) {
                throw NotFoundException.key(
                        wanted, store.history().of(wanted, 1).stream().findFirst());
            }
            if (root.output().isJson()) {
                root.output().print(Json.versioned(found.get()), "");
            } else {
                root.output().exact(found.get().value());
            }
            return Exit.DONE;
        }
    }
}
