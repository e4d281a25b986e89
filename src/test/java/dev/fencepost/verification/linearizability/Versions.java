package dev.fencepost.verification.linearizability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The writers of all versions, as far as they are known: from an acknowledgement, from a reader of the value, or from
 * the final content of the store.
 */
final class Versions {
    private final Map<String, Operation> byName = new HashMap<>();
    private final Map<String, NavigableMap<Long, Operation>> writers = new HashMap<>();
    private final Map<String, NavigableMap<Long, Operation>> deletions = new HashMap<>();
    private final Map<String, Long> versionOf = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();

    Versions(Recording recording) {
        recording.operations().forEach(operation -> byName.put(operation.name(), operation));
        for (Operation operation : recording.operations()) {
            operation.accesses().forEach(access -> learn(operation, access));
        }
        for (StoredVersions kept : recording.kept()) {
            if (!kept.value().equals(Access.ABSENT)) {
                valueAt(kept.key(), kept.version(), kept.value(), "the store");
            }
        }
        recording.kept().stream()
                .filter(kept -> kept.value().equals(Access.ABSENT))
                .forEach(this::deletedBySomebody);
    }

    private void learn(Operation operation, Access access) {
        boolean done = operation.isDone() && access.writes() && access.version() != Access.UNKNOWN;
        if (done && access.deletes()) {
            deletions.computeIfAbsent(access.key(), key -> new TreeMap<>()).put(access.version(), operation);
            wrote(operation, access.key(), access.version());
        } else if (done) {
            valueAt(access.key(), access.version(), access.written(), operation.words());
        }
        if (access.sees() && !access.seen().equals(Access.ABSENT) && access.seenVersion() != Access.UNKNOWN) {
            valueAt(access.key(), access.seenVersion(), access.seen(), operation.words());
        }
    }

    private void valueAt(String key, long version, String value, String source) {
        Long known = versionOf.putIfAbsent(key + " " + value, version);
        if (known != null && known != version) {
            wrong.add("the value " + value + " is version " + known + " of " + key + " and version " + version
                    + " too, says " + source);
        }
        if (known != null) {
            return;
        }
        Operation writer = byName.get(Operation.writerOf(value));
        if (writer == null || !writes(writer, key, value)) {
            wrong.add("version " + version + " of " + key + " = " + value + " was written by no operation, says "
                    + source);
        } else {
            wrote(writer, key, version);
        }
    }

    private static boolean writes(Operation writer, String key, String value) {
        return writer.accesses().stream()
                .anyMatch(access -> access.key().equals(key) && access.written().equals(value));
    }

    private void wrote(Operation writer, String key, long version) {
        Operation other = writers.computeIfAbsent(key, any -> new TreeMap<>()).putIfAbsent(version, writer);
        if (other != null && other != writer) {
            wrong.add("version " + version + " of " + key + " was written twice: by " + other.words() + " and by "
                    + writer.words());
        }
    }

    /**
     * Finds the writer of a deletion, which has no value that names it. The writer is known if only one operation can
     * have made it.
     */
    private void deletedBySomebody(StoredVersions kept) {
        NavigableMap<Long, Operation> known = writers.computeIfAbsent(kept.key(), key -> new TreeMap<>());
        if (known.containsKey(kept.version())) {
            return;
        }
        List<Operation> possible = byName.values().stream()
                .filter(operation -> operation.outcome() == Operation.Outcome.UNKNOWN)
                .filter(operation -> operation.accesses().stream()
                        .anyMatch(access -> access.key().equals(kept.key()) && access.deletes()))
                .toList();
        if (possible.isEmpty()) {
            wrong.add("version " + kept.version() + " of " + kept.key() + " is a deletion that no operation made");
        } else if (possible.size() == 1) {
            known.put(kept.version(), possible.get(0));
            deletions.computeIfAbsent(kept.key(), key -> new TreeMap<>()).put(kept.version(), possible.get(0));
        }
    }

    /** Returns the contradictions. */
    List<String> wrong() {
        return wrong;
    }

    Optional<Operation> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Returns the known writers of a key by version. */
    NavigableMap<Long, Operation> writers(String key) {
        return writers.getOrDefault(key, new TreeMap<>());
    }

    Map<String, NavigableMap<Long, Operation>> writers() {
        return writers;
    }

    /** Returns the version of a value. */
    Optional<Long> versionOf(String key, String value) {
        return Optional.ofNullable(versionOf.get(key + " " + value));
    }

    /** A range of versions, one of which was read. */
    record Range(long least, long most) {}

    /**
     * Returns the version that an operation read. An absent key does not reveal its version, so the result is a range
     * of deletions. A deletion counts if it began before the read ended, and if the next version was not complete
     * before the read began.
     */
    Optional<Range> seenBy(Operation operation, Access access) {
        if (access.seenVersion() != Access.UNKNOWN) {
            return Optional.of(new Range(access.seenVersion(), access.seenVersion()));
        }
        if (!access.seen().equals(Access.ABSENT)) {
            return versionOf(access.key(), access.seen()).map(version -> new Range(version, version));
        }
        List<Long> possible = new ArrayList<>();
        if (canSee(operation, access.key(), 0)) {
            possible.add(0L);
        }
        deletions.getOrDefault(access.key(), new TreeMap<>()).forEach((version, writer) -> {
            if (writer.began() <= operation.ended() && canSee(operation, access.key(), version)) {
                possible.add(version);
            }
        });
        return possible.isEmpty()
                ? Optional.empty()
                : Optional.of(new Range(possible.get(0), possible.get(possible.size() - 1)));
    }

    private boolean canSee(Operation operation, String key, long version) {
        Operation next = writers(key).get(version + 1);
        return next == null || next == operation || next.ended() >= operation.began();
    }
}
