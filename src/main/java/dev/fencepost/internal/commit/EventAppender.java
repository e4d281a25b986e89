package dev.fencepost.internal.commit;

import dev.fencepost.VersionInfo;
import dev.fencepost.internal.sql.EventRow;
import dev.fencepost.internal.sql.EventTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The events of one commit: validated, and then appended. Each is stored once under its ID, so that a caller that does
 * not know the outcome of an append can repeat it. An ID that is reused for another body is a conflict.
 */
final class EventAppender {
    private final List<CommitRequest.EncodedAppend<?>> appends;
    private final Map<String, Map<String, EventRow>> known = new LinkedHashMap<>();

    EventAppender(List<CommitRequest.EncodedAppend<?>> appends) {
        this.appends = appends;
    }

    /**
     * Returns the reasons to refuse the appends. Must be called before {@link #write}, in the same write transaction.
     */
    List<CommitDecision.Reason> look(WriteTransaction scope) {
        List<CommitDecision.Reason> reasons = new ArrayList<>();
        for (CommitRequest.EncodedAppend<?> append : appends) {
            EventTables events = scope.events();
            String stream = append.stream().name();
            Map<String, EventRow> stored = new LinkedHashMap<>();
            append.facts()
                    .forEach(fact -> events.named(stream, fact.id()).ifPresent(event -> stored.put(fact.id(), event)));
            known.put(stream, stored);
            Optional<CommitDecision.Reason> reused = reused(append, stored);
            if (reused.isPresent()) {
                reasons.add(reused.get());
                continue;
            }
            // An empty append cannot be a duplicate, so only the expected end is checked.
            boolean done = !append.facts().isEmpty() && stored.keySet().containsAll(names(append));
            long actual = events.head(stream).events();
            // A repeated append expects the end that its caller found before the first attempt.
            if (append.expected().isPresent() && append.expected().getAsLong() != actual && !done) {
                reasons.add(new CommitDecision.StreamEndMismatch(append, actual));
            }
        }
        return reasons;
    }

    /**
     * Returns the conflict of the first event whose ID belongs to an event with another body, stored or of the same
     * commit.
     */
    private static Optional<CommitDecision.Reason> reused(
            CommitRequest.EncodedAppend<?> append, Map<String, EventRow> stored) {
        Map<String, CommitRequest.EncodedEvent> own = new LinkedHashMap<>();
        for (CommitRequest.EncodedEvent fact : append.facts()) {
            EventRow before = stored.get(fact.id());
            CommitRequest.EncodedEvent first = own.putIfAbsent(fact.id(), fact);
            if (before != null
                    && (before.shape() != fact.shape() || !before.text().equals(fact.text()))) {
                return Optional.of(new CommitDecision.Reused(
                        append, fact.id(), before.stamp().version()));
            } else if (first != null && !first.equals(fact)) {
                return Optional.of(new CommitDecision.Reused(append, fact.id(), 0));
            }
        }
        return Optional.empty();
    }

    private static Set<String> names(CommitRequest.EncodedAppend<?> append) {
        Set<String> names = new LinkedHashSet<>();
        append.facts().forEach(fact -> names.add(fact.id()));
        return names;
    }

    /** Returns the number of new events. */
    int count() {
        return appends.stream()
                .mapToInt(append -> (int) names(append).stream()
                        .filter(name -> !stored(append).containsKey(name))
                        .count())
                .sum();
    }

    private Map<String, EventRow> stored(CommitRequest.EncodedAppend<?> append) {
        return known.getOrDefault(append.stream().name(), Map.of());
    }

    /** Appends the new events, and returns all events by stream. */
    Map<String, List<CommitDecision.StoredEvent>> write(WriteTransaction scope, Optional<Long> sequence, String agent) {
        Map<String, List<CommitDecision.StoredEvent>> placed = new LinkedHashMap<>();
        for (CommitRequest.EncodedAppend<?> append : appends) {
            placed.put(append.stream().name(), write(append, scope, sequence, agent));
        }
        return placed;
    }

    private List<CommitDecision.StoredEvent> write(
            CommitRequest.EncodedAppend<?> append, WriteTransaction scope, Optional<Long> sequence, String agent) {
        EventTables events = scope.events();
        Map<String, EventRow> stored = new LinkedHashMap<>(stored(append));
        List<CommitDecision.StoredEvent> placed = new ArrayList<>();
        EventTables.Head head = null;
        long number = 0;
        for (CommitRequest.EncodedEvent fact : append.facts()) {
            EventRow before = stored.get(fact.id());
            if (before != null) {
                placed.add(new CommitDecision.StoredEvent(before, true));
                continue;
            }
            if (head == null) {
                head = events.makeHead(append.stream().name());
                number = head.events();
            }
            long at = sequence.orElseThrow();
            number++;
            events.insert(head, number, at, fact.id(), fact.shape(), fact.text());
            EventRow row = new EventRow(
                    append.stream().name(),
                    fact.id(),
                    new VersionInfo(number, at, agent, Instant.ofEpochMilli(scope.now())),
                    fact.shape(),
                    fact.text());
            stored.put(fact.id(), row);
            placed.add(new CommitDecision.StoredEvent(row, false));
        }
        return placed;
    }
}
