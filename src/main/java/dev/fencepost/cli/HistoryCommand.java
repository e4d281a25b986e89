package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.Page;
import dev.fencepost.Store;
import dev.fencepost.history.VersionLookup;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "history",
        header = "List the retained versions of a key, newest first; show one, or compare two.",
        description = "For a version that retention has pruned, @|bold --version|@ and @|bold --compare|@ exit with 3.")
final class HistoryCommand implements Callable<Integer> {
    /** The JSON field with the number of the newest version that was pruned; 0 if none was. */
    static final String PRUNED_THROUGH = "prunedThrough";

    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "The key.")
    private String key = "";

    @ArgGroup
    private Which which = new Which();

    /** The options for one version or two, or a part of the list; at most one of these. */
    static final class Which {
        @ArgGroup(exclusive = false)
        private Part part = new Part();

        @Option(names = "--version", paramLabel = "N", description = "The version to print, unchanged.")
        private @Nullable Long version;

        @Option(
                names = "--compare",
                paramLabel = "N..M",
                converter = Range.Converter.class,
                description = "Two versions to compare line by line; JSON is formatted first.")
        private @Nullable Range compare;
    }

    /** A part of the list. */
    static final class Part {
        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "The maximum number of versions, up to 10000; fewer if values are long. Default: 1000.")
        private int limit = 1_000;

        @Option(
                names = "--after",
                paramLabel = "N",
                description = "The version before which to begin. Default: begin with the newest.")
        private long after = Long.MAX_VALUE;
    }

    /** A range from one version to another. */
    record Range(long from, long to) {
        /** A converter of ranges as people type them. */
        static final class Converter implements ITypeConverter<Range> {
            private static final Pattern FORM = Pattern.compile("([0-9]{1,18})\\.\\.([0-9]{1,18})");

            @Override
            public Range convert(String text) {
                Matcher matcher = FORM.matcher(text);
                if (!matcher.matches()) {
                    throw new TypeConversionException(
                            "'" + text + "' is not a range of versions; write for example 3..5");
                }
                return new Range(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
            }
        }
    }

    HistoryCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        Key<String> wanted = Key.text(key);
        try (Store store = root.openExisting()) {
            if (which.version != null) {
                one(version(store, wanted, which.version));
            } else if (which.compare != null) {
                compare(version(store, wanted, which.compare.from()), version(store, wanted, which.compare.to()));
            } else {
                list(store, wanted);
            }
            return Exit.DONE;
        }
    }

    private void list(Store store, Key<String> wanted) throws NotFoundException {
        Page<Change<String>> versions = store.history().of(wanted, which.part.after, which.part.limit);
        if (versions.isEmpty() && store.history().of(wanted, 1).isEmpty()) {
            throw NotFoundException.history(wanted);
        }
        long pruned = prunedThrough(store, wanted);
        root.output()
                .print(
                        versions.stream()
                                .map(change -> Json.change(change).put(PRUNED_THROUGH, pruned))
                                .toList(),
                        List.of("VERSION", "SEQUENCE", "WRITER", "COMMITTED", "VALUE"),
                        versions.stream().map(HistoryCommand::row).toList());
        notePruned(root.output(), pruned);
        Paging.note(root.output(), versions, last -> Long.toString(last.stamp().version()));
    }

    private static List<String> row(Change<String> change) {
        return List.of(
                Long.toString(change.stamp().version()),
                Long.toString(change.stamp().sequence()),
                change.stamp().writer(),
                Json.time(change.stamp().committedAt()),
                change.value().map(Preview::of).orElse("(deleted)"));
    }

    /** Returns the number of the newest version that was pruned; 0 if none was. */
    static long prunedThrough(Store store, Key<String> key) {
        return store.history().version(key, 1) instanceof VersionLookup.Pruned<String> evicted
                ? evicted.oldest() - 1
                : 0;
    }

    /** Prints the pruned versions for people. */
    static void notePruned(Output output, long through) {
        if (through > 0) {
            output.note(through == 1 ? "Version 1 was pruned." : "Versions 1 to " + through + " were pruned.");
        }
    }

    private void one(Change<String> change) throws NotFoundException {
        String value = change.value().orElseThrow(() -> NotFoundException.deletion(change));
        if (root.output().isJson()) {
            root.output().print(Json.change(change), "");
        } else {
            root.output().exact(value);
        }
    }

    private void compare(Change<String> from, Change<String> to) {
        List<String> lines = UnifiedDiff.lines(from, to);
        if (root.output().isJson()) {
            ObjectNode node = Json.key(key).put("same", lines.isEmpty());
            node.set("from", Json.change(from));
            node.set("to", Json.change(to));
            ArrayNode diff = node.putArray("diff");
            lines.forEach(diff::add);
            root.output().print(node, "");
        } else if (lines.isEmpty()) {
            root.output().note("Both versions have the same value.");
        } else {
            root.output().exact(String.join("\n", lines) + "\n");
        }
    }

    private static Change<String> version(Store store, Key<String> key, long number) throws NotFoundException {
        VersionLookup<String> answer = store.history().version(key, number);
        if (answer instanceof VersionLookup.Pruned<String> evicted) {
            throw NotFoundException.evicted(evicted);
        } else if (answer instanceof VersionLookup.NotYetWritten<String> future) {
            throw NotFoundException.future(future);
        } else if (answer instanceof VersionLookup.NeverExisted<String>) {
            throw NotFoundException.history(key);
        }
        return answer.orThrow();
    }
}
