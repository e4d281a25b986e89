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

/** The versions of a key, each with the dependencies of its commit. */
final class Blame {
    /** The largest number of dependencies shown for one version. */
    private static final int MAX_DEPENDENCIES = 1_000;

    private static final Optional<String> PRUNED = Optional.of("(pruned)");

    private final Store store;
    private final Output output;

    /** The bytes of values that may still be read, since the values of a long history can exceed the memory. */
    private long room = Page.MAX_BYTES;

    Blame(Store store, Output output) {
        this.store = store;
        this.output = output;
    }

    void print(Key<String> key, long after, int limit) throws NotFoundException {
        List<Blamed> versions = new ArrayList<>();
        Page<Change<String>> changes = store.history().of(key, after, limit);
        for (Change<String> change : changes) {
            versions.add(blamed(change));
        }
        if (versions.isEmpty() && store.history().of(key, 1).isEmpty()) {
            throw NotFoundException.history(key);
        }
        PrunedVersions pruned = PrunedVersions.of(store, key);
        output.print(
                versions.stream().map(version -> pruned.in(version.json())).toList(),
                List.of("VERSION", "SEQUENCE", "WRITER", "COMMITTED", "READ", "AS OF", "VALUE"),
                versions.stream().flatMap(version -> version.rows().stream()).toList());
        pruned.note(output);
        output.more(changes, last -> Long.toString(last.stamp().version()));
        if (versions.stream().allMatch(version -> version.dependencies().isEmpty())) {
            output.note("These versions have no recorded dependencies. To record them for new versions, write"
                    + " with --provenance or FENCEPOST_PROVENANCE=true.");
        }
    }

    private Blamed blamed(Change<String> change) {
        List<Dependency> dependencies = new ArrayList<>();
        Page<ReadDependency> page =
                store.history().dependencies(change.key(), change.stamp().version(), 0, MAX_DEPENDENCIES);
        for (ReadDependency read : page) {
            dependencies.add(new Dependency(
                    read, read.kind() == ReadDependency.Kind.KEY ? Optional.of(value(read)) : Optional.empty()));
        }
        return new Blamed(change, dependencies, page.more());
    }

    private ReadValue value(ReadDependency read) {
        if (room <= 0) {
            return new ReadValue(Optional.empty(), Optional.of("(not read)"));
        }
        try (Snapshot then = store.snapshotAt(read.asOf())) {
            Optional<Versioned<String>> value = then.get(Key.text(read.name()));
            room -= value.map(found -> found.value().length()).orElse(0);
            return new ReadValue(value, Optional.empty());
        } catch (PrunedException e) {
            return new ReadValue(Optional.empty(), PRUNED);
        }
    }

    /**
     * The value of a dependency, as far as it can still be read.
     *
     * @param unread the reason why it is unknown
     */
    private record ReadValue(Optional<Versioned<String>> value, Optional<String> unread) {
        /** Returns false if retention has pruned the value. */
        boolean kept() {
            return !unread.equals(PRUNED);
        }

        String shown() {
            return value.map(found -> Printable.preview(found.value())).orElse(unread.orElse("(absent)"));
        }
    }

    /** One dependency of a commit, with its value if it is a key. */
    private record Dependency(ReadDependency read, Optional<ReadValue> value) {
        String kind() {
            return read.kind().name().toLowerCase(Locale.ROOT);
        }

        ObjectNode json() {
            ObjectNode node =
                    Json.object().put("kind", kind()).put("name", read.name()).put("asOf", read.asOf());
            value.ifPresent(known -> {
                node.put("kept", known.kept()).put("read", known.unread().isEmpty());
                known.value()
                        .ifPresent(found -> node.put("value", found.value()).put("version", found.version()));
            });
            return node;
        }
    }

    /** A version, and all dependencies of its commit. */
    private record Blamed(Change<String> change, List<Dependency> dependencies, boolean more) {
        ObjectNode json() {
            ObjectNode node = Json.change(change);
            ArrayNode list = node.putArray("dependencies");
            dependencies.forEach(dependency -> list.add(dependency.json()));
            return node.put("more", more);
        }

        /** Returns a row for each dependency. Only the first one has the version. */
        List<List<String>> rows() {
            List<String> head = List.of(
                    Long.toString(change.stamp().version()),
                    Long.toString(change.stamp().sequence()),
                    change.stamp().writer(),
                    Json.time(change.stamp().committedAt()));
            if (dependencies.isEmpty()) {
                return List.of(row(head, "-", "-", ""));
            }
            List<List<String>> rows = new ArrayList<>();
            for (Dependency dependency : dependencies) {
                rows.add(row(
                        rows.isEmpty() ? head : List.of("", "", "", ""),
                        dependency.kind() + " " + dependency.read().name(),
                        Long.toString(dependency.read().asOf()),
                        dependency.value().map(ReadValue::shown).orElse("")));
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
