package dev.fencepost.cli;

import dev.fencepost.Page;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "list", header = "List the keys that have a value.")
final class ListCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(
            arity = "0..1",
            paramLabel = "PREFIX",
            description = "The prefix of the keys. Default: all keys.",
            defaultValue = "")
    private String prefix = "";

    @Mixin
    private AsOfOption at = new AsOfOption();

    @Mixin
    private Paging paging = new Paging();

    ListCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        Prefix<String> wanted = Prefix.text(prefix);
        try (Store store = root.openExisting()) {
            AsOfOption.Cut<Page<Versioned<String>>> cut = at.read(
                    root,
                    store,
                    Json.object().put("prefix", prefix),
                    then -> then.list(wanted, paging.after(), paging.limit()),
                    () -> store.list(wanted, paging.after(), paging.limit()));
            Page<Versioned<String>> found = cut.found();
            root.output()
                    .print(
                            found.stream()
                                    .map(versioned -> cut.in(Json.versioned(versioned)))
                                    .toList(),
                            List.of("KEY", "VERSION", "WRITER", "COMMITTED", "VALUE"),
                            found.stream().map(ListCommand::row).toList());
            if (found.isEmpty() && paging.after().isEmpty()) {
                root.output().note(prefix.isEmpty() ? "No keys." : "No keys begin with '" + prefix + "'.");
            }
            cut.note(root.output());
            Paging.note(root.output(), found, last -> last.key().name());
            return Exit.DONE;
        }
    }

    private static List<String> row(Versioned<String> versioned) {
        return List.of(
                versioned.key().name(),
                Long.toString(versioned.version()),
                versioned.writer(),
                Json.time(versioned.committedAt()),
                Preview.of(versioned.value()));
    }
}
