package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Belief;
import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.NoLongerKeptException;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
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
        header = "Show who wrote each version of a key, and what that rested on.",
        description =
                "For each key that a commit read, or demanded something of, also the value that it believed. Kept of"
                        + " commits that are made with @|bold --provenance|@, or by a store that keeps it.")
final class BlameCommand implements Callable<Integer> {
    private final Root root;

    @Parameters(paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Only the newest versions. Default: ${DEFAULT-VALUE}.")
    private int limit;

    BlameCommand(Root root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        Key<String> wanted = Key.text(key);
        try (Store store = root.openExisting()) {
            List<Blamed> versions = new ArrayList<>();
            for (Change<String> change : store.history().of(wanted, limit)) {
                versions.add(blamed(store, change));
            }
            if (versions.isEmpty()) {
                throw NotFoundException.history(wanted);
            }
            root.output()
                    .print(
                            versions.stream().map(Blamed::json).toList(),
                            List.of("VERSION", "SEQUENCE", "WRITER", "COMMITTED", "RESTED ON", "AS OF", "BELIEVED"),
                            versions.stream()
                                    .flatMap(version -> version.rows().stream())
                                    .toList());
            HistoryCommand.noteEvicted(root.output(), store, wanted);
            if (versions.stream().allMatch(version -> version.beliefs().isEmpty())) {
                root.output()
                        .note("What these versions rested on was not kept; write with --provenance, or with"
                                + " FENCEPOST_PROVENANCE=true, and it will be for new ones.");
            }
            return Exit.DONE;
        }
    }

    private static Blamed blamed(Store store, Change<String> change) {
        List<Believed> beliefs = new ArrayList<>();
        for (Belief belief :
                store.history().beliefs(change.key(), change.stamp().version())) {
            beliefs.add(new Believed(
                    belief, belief.kind() == Belief.Kind.KEY ? Optional.of(thought(store, belief)) : Optional.empty()));
        }
        return new Blamed(change, beliefs);
    }

    private static Thought thought(Store store, Belief belief) {
        try (Snapshot then = store.snapshotAt(belief.asOf())) {
            return new Thought(then.get(Key.text(belief.name())), true);
        } catch (NoLongerKeptException e) {
            return new Thought(Optional.empty(), false);
        }
    }

    /** What a key was, as far as it can still be read. */
    private record Thought(Optional<Versioned<String>> value, boolean kept) {
        String shown() {
            return value.map(found -> Preview.of(found.value())).orElse(kept ? "(absent)" : "(no longer kept)");
        }
    }

    /** One thing that a commit rested on; with what it was, if that is a key. */
    private record Believed(Belief belief, Optional<Thought> thought) {
        String kind() {
            return belief.kind().name().toLowerCase(Locale.ROOT);
        }

        ObjectNode json() {
            ObjectNode node =
                    Json.object().put("kind", kind()).put("name", belief.name()).put("asOf", belief.asOf());
            thought.ifPresent(known -> {
                node.put("kept", known.kept());
                known.value()
                        .ifPresent(found -> node.put("value", found.value()).put("version", found.version()));
            });
            return node;
        }
    }

    /** A version, and all that its commit rested on. */
    private record Blamed(Change<String> change, List<Believed> beliefs) {
        ObjectNode json() {
            ObjectNode node = Json.change(change);
            ArrayNode list = node.putArray("beliefs");
            beliefs.forEach(belief -> list.add(belief.json()));
            return node;
        }

        /** A row for each thing; only the first says of which version. */
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
            return rows;
        }

        private static List<String> row(List<String> head, String... cells) {
            List<String> row = new ArrayList<>(head);
            row.addAll(List.of(cells));
            return row;
        }
    }
}
