package dev.fencepost.verification.linearizability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Checks that all operations together are strictly serializable: the graph of their dependencies has no cycle (Adya). A
 * writer follows the writer of the previous version. A reader follows the writer of the version that it read and
 * precedes the writer of the next one. An operation follows every operation that had ended before it began. The epochs
 * of claims are registers like the keys: a grant writes an epoch, and an operation under the claim reads it.
 */
final class Dependencies {
    private final Recording recording;
    private final Versions versions;
    private final Graph graph = new Graph();
    private final Map<String, Integer> nodes = new HashMap<>();
    private final List<Operation> operations = new ArrayList<>();

    private Dependencies(Recording recording, Versions versions) {
        this.recording = recording;
        this.versions = versions;
    }

    /** Returns the shortest cycle of each strongly connected component, in words. */
    static List<String> check(Recording recording, Versions versions) {
        Dependencies dependencies = new Dependencies(recording, versions);
        dependencies.build();
        return dependencies.graph.knots().stream().map(dependencies::words).toList();
    }

    private void build() {
        for (Operation operation : recording.operations()) {
            nodes.put(operation.name(), graph.add());
            operations.add(operation);
        }
        versions.writers().forEach(this::writersInOrder);
        for (Operation operation : recording.operations()) {
            for (Access access : operation.accesses()) {
                if (access.sees()) {
                    versions.seenBy(operation, access).ifPresent(range -> read(operation, access.key(), range));
                }
            }
        }
        epochs();
        time();
    }

    private void edge(Operation from, Operation to, String why) {
        if (from != to) {
            graph.edge(nodes.get(from.name()), nodes.get(to.name()), why, true);
        }
    }

    private void writersInOrder(String key, NavigableMap<Long, Operation> writers) {
        Map.Entry<Long, Operation> before = null;
        for (Map.Entry<Long, Operation> entry : writers.entrySet()) {
            if (before != null) {
                edge(
                        before.getValue(),
                        entry.getValue(),
                        "wrote version " + before.getKey() + " of " + key + " before version " + entry.getKey()
                                + " was written by");
            }
            before = entry;
        }
    }

    /** Orders a reader after the lowest version that it can have seen, and before the version after the highest one. */
    private void read(Operation reader, String key, Versions.Range range) {
        Map.Entry<Long, Operation> writer = versions.writers(key).floorEntry(range.least());
        if (writer != null) {
            edge(
                    writer.getValue(),
                    reader,
                    "wrote version " + writer.getKey() + " of " + key + ", which was there for");
        }
        Map.Entry<Long, Operation> next = versions.writers(key).higherEntry(range.most());
        if (next != null) {
            edge(
                    reader,
                    next.getValue(),
                    "saw version " + range.most() + " of " + key + " before version " + next.getKey()
                            + " was written by");
        }
    }

    private void epochs() {
        Map<String, NavigableMap<Long, Operation>> grants = new TreeMap<>();
        for (Operation operation : recording.operations()) {
            if (operation.kind().equals(Operation.CLAIM) && operation.isDone()) {
                operation
                        .epochs()
                        .forEach((key, epoch) -> grants.computeIfAbsent(key, any -> new TreeMap<>())
                                .putIfAbsent(epoch, operation));
            }
        }
        grants.forEach((key, byEpoch) -> writersInOrder("the epoch of " + key, byEpoch));
        for (Operation operation : recording.operations()) {
            if (operation.isFenced() && operation.isDone()) {
                operation.epochs().forEach((key, epoch) -> {
                    Map.Entry<Long, Operation> next =
                            grants.getOrDefault(key, new TreeMap<>()).higherEntry(epoch);
                    if (next != null) {
                        edge(
                                operation,
                                next.getValue(),
                                "was done under epoch " + epoch + " of " + key + " before epoch " + next.getKey()
                                        + " was granted to");
                    }
                });
            }
        }
    }

    /**
     * Adds a chain of points in time. An operation precedes the point of its end, and follows all points before its
     * beginning.
     */
    private void time() {
        List<Operation> ended = operations.stream()
                .filter(operation -> operation.ended() != Operation.NEVER)
                .sorted(Comparator.comparingLong(Operation::ended))
                .toList();
        List<Operation> begun = operations.stream()
                .sorted(Comparator.comparingLong(Operation::began))
                .toList();
        int moment = -1;
        int at = 0;
        for (Operation operation : begun) {
            while (at < ended.size() && ended.get(at).ended() < operation.began()) {
                int next = graph.add();
                if (moment >= 0) {
                    graph.edge(moment, next, "", false);
                }
                graph.edge(nodes.get(ended.get(at).name()), next, "had ended before there began", true);
                moment = next;
                at++;
            }
            if (moment >= 0) {
                graph.edge(moment, nodes.get(operation.name()), "", false);
            }
        }
    }

    private String words(List<Integer> knot) {
        List<Integer> members =
                knot.stream().filter(node -> node < operations.size()).sorted().toList();
        StringBuilder words = new StringBuilder("not strictly serializable:");
        List<Graph.Edge> cycle = graph.shortestCycle(knot, members);
        for (Graph.Edge edge : cycle) {
            if (edge.from() < operations.size()) {
                words.append("\n  ").append(operations.get(edge.from()).words());
            }
            words.append(edge.why().isEmpty() ? "" : "\n    " + edge.why());
        }
        return words.append("\n  the first again").toString();
    }
}
