package dev.fencepost.internal.commit;

import dev.fencepost.VersionInfo;
import dev.fencepost.internal.commit.CommitDecision.Reason;
import dev.fencepost.internal.commit.CommitDecision.StoredEvent;
import dev.fencepost.internal.commit.CommitRequest.EncodedAppend;
import dev.fencepost.internal.commit.CommitRequest.EncodedEvent;
import dev.fencepost.internal.sql.EventRow;
import dev.fencepost.internal.sql.EventTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The events of one commit: validated, and then appended. Each is stored once under its ID, so that a caller that does
 * not know the outcome of an append can repeat it. An ID that is reused for another body is a conflict.
 */
final class EventAppender {
    private final CommitRequest request;
    private final WriteTransaction scope;
    private final Map<String, Map<String, EventRow>> known = new LinkedHashMap<>();
    private int count;

    EventAppender(CommitRequest request, WriteTransaction scope) {
        this.request = request;
        this.scope = scope;
    }

    /** Returns the reasons to refuse the appends. Must be called before {@link #write}. */
    List<Reason> look() {
        List<Reason> reasons = new ArrayList<>();
        request.appends().forEach(append -> look(append).ifPresent(reasons::add));
        return reasons;
    }

    private Optional<Reason> look(EncodedAppend<?> append) {
        String stream = append.stream().name();
        Set<String> names = append.facts().stream().map(EncodedEvent::id).collect(Collectors.toSet());
        Map<String, EventRow> stored = new LinkedHashMap<>();
        names.forEach(name -> scope.events().named(stream, name).ifPresent(event -> stored.put(name, event)));
        known.put(stream, stored);
        count += names.size() - stored.size();
        Optional<Reason> reused = reused(append, stored);
        if (reused.isPresent()) {
            return reused;
        }
        // An empty append cannot be a duplicate, so only the expected end is checked. A repeated append expects the end
        // that its caller found before the first attempt.
        boolean done = !names.isEmpty() && stored.size() == names.size();
        long actual = scope.events().head(stream).events();
        return append.expected().isPresent() && append.expected().getAsLong() != actual && !done
                ? Optional.of(Reason.of(append.conflict(actual, Optional.empty())))
                : Optional.empty();
    }

    /**
     * Returns the conflict of the first event whose ID belongs to an event with another body, stored or of the same
     * commit.
     */
    private static Optional<Reason> reused(EncodedAppend<?> append, Map<String, EventRow> stored) {
        Map<String, EncodedEvent> own = new LinkedHashMap<>();
        for (EncodedEvent fact : append.facts()) {
            EventRow before = stored.get(fact.id());
            EncodedEvent first = own.putIfAbsent(fact.id(), fact);
            if (before != null
                    && (before.shape() != fact.shape() || !before.text().equals(fact.text()))) {
                long number = before.stamp().version();
                return Optional.of(Reason.of(append.conflict(number, Optional.of(fact.id()))));
            } else if (first != null && !first.equals(fact)) {
                return Optional.of(Reason.of(append.conflict(0, Optional.of(fact.id()))));
            }
        }
        return Optional.empty();
    }

    /** Returns the number of new events. */
    int count() {
        return count;
    }

    /** Appends the new events, and returns all events by stream. */
    Map<String, List<StoredEvent>> write(long sequence) {
        Map<String, List<StoredEvent>> placed = new LinkedHashMap<>();
        request.appends().forEach(append -> placed.put(append.stream().name(), write(append, sequence)));
        return placed;
    }

    private List<StoredEvent> write(EncodedAppend<?> append, long sequence) {
        EventTables events = scope.events();
        String stream = append.stream().name();
        Map<String, EventRow> stored = known.getOrDefault(stream, Map.of());
        List<StoredEvent> placed = new ArrayList<>();
        EventTables.Head head = null;
        long number = 0;
        for (EncodedEvent fact : append.facts()) {
            EventRow before = stored.get(fact.id());
            if (before != null) {
                placed.add(new StoredEvent(before, true));
                continue;
            }
            if (head == null) {
                head = events.makeHead(stream);
                number = head.events();
            }
            number++;
            events.insert(head, number, sequence, fact.id(), fact.shape(), fact.text());
            Instant at = Instant.ofEpochMilli(scope.now());
            VersionInfo stamp = new VersionInfo(number, sequence, request.agent(), at);
            EventRow row = new EventRow(stream, fact.id(), stamp, fact.shape(), fact.text());
            stored.put(fact.id(), row);
            placed.add(new StoredEvent(row, false));
        }
        return placed;
    }
}
