package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.Page;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.history.PrunedException;
import dev.fencepost.history.ReadDependency;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "blame",
        header = "Show who wrote each version of a key, and what that commit read.",
        description =
                "Lists the dependencies of each commit: the keys that it read or set a condition on, with the values"
                        + " that it saw. They are recorded for commits with @|bold --provenance|@, or by a store that"
                        + " records provenance.")
final class BlameCommand implements Callable<Integer> {
    /** The largest number of dependencies shown for one version. */
    private static final int MOST_BELIEFS = 1_000;

    private static final Optional<String> PRUNED = Optional.of("(pruned)");

    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "The maximum number of versions, up to 10000. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--after",
            paramLabel = "N",
            description = "The version before which to begin. Default: begin with the newest.")
    private long after = Long.MAX_VALUE;

    /** The bytes of values that may still be read, since the values of a long history can exceed the memory. */
    private long room = Page.MAX_BYTES;

    BlameCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        Key<String> wanted = Key.text(key);
        try (Store store = root.openExisting()) {
            List<Blamed> versions = new ArrayList<>();
            Page<Change<String>> changes = store.history().of(wanted, after, limit);
            for (Change<String> change : changes) {
                versions.add(blamed(store, change));
            }
            if (versions.isEmpty() && store.history().of(wanted, 1).isEmpty()) {
                throw NotFoundException.history(wanted);
            }
            long pruned = HistoryCommand.prunedThrough(store, wanted);
            root.output()
                    .print(
                            versions.stream()
                                    .map(version -> version.json().put(HistoryCommand.PRUNED_THROUGH, pruned))
                                    .toList(),
                            List.of("VERSION", "SEQUENCE", "WRITER", "COMMITTED", "READ", "AS OF", "VALUE"),
                            versions.stream()
                                    .flatMap(version -> version.rows().stream())
                                    .toList());
            HistoryCommand.notePruned(root.output(), pruned);
            Paging.note(
                    root.output(), changes, last -> Long.toString(last.stamp().version()));
            if (versions.stream().allMatch(version -> version.beliefs().isEmpty())) {
                root.output()
                        .note("These versions have no recorded dependencies. To record them for new versions, write"
                                + " with --provenance or FENCEPOST_PROVENANCE=true.");
            }
            return Exit.DONE;
        }
    }

    private Blamed blamed(Store store, Change<String> change) {
        List<Believed> beliefs = new ArrayList<>();
        Page<ReadDependency> page =
                store.history().dependencies(change.key(), change.stamp().version(), 0, MOST_BELIEFS);
        for (ReadDependency belief : page) {
            beliefs.add(new Believed(
                    belief,
                    belief.kind() == ReadDependency.Kind.KEY ? Optional.of(thought(store, belief)) : Optional.empty()));
        }
        return new Blamed(change, beliefs, page.more());
    }

    private Thought thought(Store store, ReadDependency belief) {
        if (room <= 0) {
            return new Thought(Optional.empty(), Optional.of("(not read)"));
        }
        try (Snapshot then = store.snapshotAt(belief.asOf())) {
            Optional<Versioned<String>> value = then.get(Key.text(belief.name()));
            room -= value.map(found -> found.value().length()).orElse(0);
            return new Thought(value, Optional.empty());
        } catch (PrunedException e) {
            return new Thought(Optional.empty(), PRUNED);
        }
    }

    /**
     * The value of a dependency, as far as it can still be read.
     *
     * @param unread the reason why it is unknown
     */
    private record Thought(Optional<Versioned<String>> value, Optional<String> unread) {
        /** Returns false if retention has pruned the value. */
        boolean kept() {
            return !unread.equals(PRUNED);
        }

        String shown() {
            return value.map(found -> Preview.of(found.value())).orElse(unread.orElse("(absent)"));
        }
    }

    /** One dependency of a commit, with its value if it is a key. */
    private record Believed(ReadDependency belief, Optional<Thought> thought) {
        String kind() {
            return belief.kind().name().toLowerCase(Locale.ROOT);
        }

        ObjectNode json() {
            ObjectNode node =
                    Json.object().put("kind", kind()).put("name", belief.name()).put("asOf", belief.asOf());
            thought.ifPresent(known -> {
                node.put("kept", known.kept()).put("read", known.unread().isEmpty());
                known.value()
                        .ifPresent(found -> node.put("value", found.value()).put("version", found.version()));
            });
            return node;
        }
    }

    /** A version, and all dependencies of its commit. */
    private record Blamed(Change<String> change, List<Believed> beliefs, boolean more) {
        ObjectNode json() {
            ObjectNode node = Json.change(change);
            ArrayNode list = node.putArray("dependencies");
            beliefs.forEach(belief -> list.add(belief.json()));
            return node.put("more", more);
        }

        /** Returns a row for each dependency. Only the first one has the version. */
        List<List<String>> rows() {
            List<String> head = List.of(
                    Long.toString(change.stamp().version()),
                    Long.toString(change.stamp().sequence()),
                    change.stamp().writer(),
                    Json.time(change.stamp().committedAt()));
            if (beliefs.isEmpty()) {
                return List.of(row(head, "-", "-", ""));
            }
            List<List<String>> rows = new ArrayList<>();
            for (Believed believed : beliefs) {
                rows.add(row(
                        rows.isEmpty() ? head : List.of("", "", "", ""),
                        believed.kind() + " " + believed.belief().name(),
                        Long.toString(believed.belief().asOf()),
                        believed.thought().map(Thought::shown).orElse("")));
            }
            if (more) {
                rows.add(row(List.of("", "", "", ""), "(more)", "", ""));
            }
            return rows;
        }

        private static List<String> row(List<String> head, String... cells) {
            List<String> row = new ArrayList<>(head);
            row.addAll(List.of(cells));
            return row;
        }
    }
}
