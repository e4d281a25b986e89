package dev.fencepost.cli;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        header = "Print the value of a key.",
        description = "The value is printed unchanged. On a terminal, a line feed is added if the value lacks one.")
final class GetCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Mixin
    private AsOfOption at = new AsOfOption();

    GetCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        Key<String> wanted = Key.text(key);
        try (Store store = root.openExisting()) {
            AsOfOption.Cut<Optional<Versioned<String>>> cut =
                    at.read(root, store, Json.key(key), then -> then.get(wanted), () -> store.get(wanted));
            Versioned<String> found = cut.found().orElseThrow(() -> missing(store, wanted, cut.sequence()));
            if (root.output().isJson()) {
                root.output().print(cut.in(Json.versioned(found)), "");
            } else {
                root.output().exact(found.value());
            }
            return Exit.DONE;
        }
    }

    private static NotFoundException missing(Store store, Key<String> wanted, OptionalLong sequence) {
        return sequence.isPresent()
                ? NotFoundException.keyThen(wanted, sequence.getAsLong())
                : NotFoundException.key(
                        wanted, store.history().of(wanted, 1).stream().findFirst());
    }
}
