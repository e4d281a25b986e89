package dev.fencepost.internal.commit;

import dev.fencepost.Claim;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Page;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.ReadConflict;
import dev.fencepost.Transaction;
import dev.fencepost.VersionInfo;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch.Kind;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.PrunedException;
import dev.fencepost.internal.commit.CommitRequest.EncodedAppend;
import dev.fencepost.internal.commit.CommitRequest.EncodedEvent;
import dev.fencepost.internal.commit.CommitRequest.EncodedWrite;
import dev.fencepost.internal.read.AsOfReader;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.read.SnapshotRow;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.EventTables;
import dev.fencepost.internal.sql.Listing;
import dev.fencepost.internal.sql.PrefixRange;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One run of a transaction's function. It reads a snapshot from the version history, as of the sequence that the first
 * read fixes. So the function sees a consistent state without holding a lock or a SQLite transaction. A transaction
 * that only reads needs no check at its end.
 */
final class BufferedTransaction implements Transaction {
    /** The version information of this run's own uncommitted writes. No committed version has the number 0. */
    private static final VersionInfo UNCOMMITTED = new VersionInfo(0, 0, "this transaction", Instant.EPOCH);

    private final ReadCache cache;
    private final ReaderPool reads;
    private final WriteEncoder writing;
    private final Map<String, EncodedWrite<?>> writes = new LinkedHashMap<>();
    private final Map<String, EncodedAppend<?>> appends = new LinkedHashMap<>();
    private final List<FencingToken> claims;
    private final Set<String> keysRead = new HashSet<>();
    private final Set<String> prefixesRead = new HashSet<>();
    private final Set<String> streamsRead = new HashSet<>();
    private OptionalLong sequence = OptionalLong.empty();
    private Optional<ReadConflict> overtaken = Optional.empty();
    private boolean ended;

    BufferedTransaction(ReadCache cache, ReaderPool reads, WriteEncoder writing, List<FencingToken> claims) {
        this.cache = cache;
        this.reads = reads;
        this.writing = writing;
        this.claims = new ArrayList<>(claims);
    }

    @Override
    public <T> Optional<Versioned<T>> get(Key<T> key) {
        Arguments.required(key, "key");
        refuseEnded();
        EncodedWrite<?> own = writes.get(key.name());
        if (own != null) {
            return own.text().flatMap(text -> uncommitted(key.name(), text).versioned(key));
        }
        keysRead.add(key.name());
        return newest(key.name()).flatMap(row -> row.versioned(key));
    }

    /** Reads a key of the snapshot: from the cache, or else from the file. */
    private Optional<VersionRow> newest(String key) {
        SnapshotRow cached = cache.asOf(key, sequence);
        if (cached == null) {
            return cut(key, () -> true, asOf -> asOf.latest(key));
        }
        sequence = OptionalLong.of(cached.sequence());
        return cached.row();
    }

    /**
     * Reads the snapshot. Records a conflict if retention has pruned part of it; the next run reads a newer snapshot.
     *
     * @param otherNextTime whether the next run can succeed
     */
    private <R> R cut(String what, BooleanSupplier otherNextTime, Function<AsOfReader, R> reading) {
        try {
            return reads.readUnverified(
                    session -> reading.apply(new AsOfReader(session, at(new VersionTables(session)))));
        } catch (PrunedException e) {
            if (otherNextTime.getAsBoolean()) {
                overtaken =
                        Optional.of(new ReadConflict(what, sequence.orElse(0), what, sequence.orElse(0), "retention"));
            }
            throw e;
        }
    }

    /**
     * Returns whether anything else that this run has read has changed since its snapshot. Pruned events are missing
     * from every later snapshot too. Another run succeeds only if it asks for other events. It does so if another value
     * that it read has changed, such as its position in the stream.
     */
    private boolean hasOvertakenWhatLedTo(EventStream<?> stream) {
        long cut = sequence.orElse(0);
        return reads.readUnverified(session -> {
            VersionTables values = new VersionTables(session);
            EventTables events = new EventTables(session);
            return keysRead.stream()
                            .anyMatch(key -> values.keyChangedAfter(key, cut).isPresent())
                    || prefixesRead.stream()
                            .anyMatch(prefix ->
                                    values.prefixChangedAfter(prefix, cut).isPresent())
                    || streamsRead.stream()
                            .anyMatch(other -> !other.equals(stream.name())
                                    && events.appendedAfter(other, cut).isPresent());
        });
    }

    /** Returns the conflict with retention; empty if this run has read nothing that was pruned from its snapshot. */
    Optional<ReadConflict> overtaken() {
        return overtaken;
    }

    @Override
    public <T> List<Versioned<T>> list(Prefix<T> prefix) {
        Arguments.required(prefix, "prefix");
        return list(prefix, "", Listing.keys(prefix.name()).whole());
    }

    @Override
    public <T> Page<Versioned<T>> list(Prefix<T> prefix, String after, int limit) {
        Arguments.required(prefix, "prefix");
        Arguments.required(after, "after");
        Names.checkAfter(after);
        return list(prefix, after, Listing.keys(prefix.name()).page(limit));
    }

    private <T> Page<Versioned<T>> list(Prefix<T> prefix, String after, Bounds bounds) {
        refuseEnded();
        // The whole prefix, also for a page: keys outside the page decided where it ends.
        prefixesRead.add(prefix.name());
        for (String from = after; ; ) {
            String begin = from;
            Page<VersionRow> page = cut(prefix.toString(), () -> true, asOf -> asOf.list(prefix.name(), begin, bounds));
            Page<VersionRow> merged = withOwnWrites(page, prefix.name(), begin, bounds);
            if (!merged.isEmpty() || !page.more()) {
                return merged.map(row -> row.in(prefix));
            }
            // This run has deleted the whole page.
            from = page.last().orElseThrow().key();
        }
    }

    private Page<VersionRow> withOwnWrites(Page<VersionRow> page, String prefix, String after, Bounds bounds) {
        Map<String, VersionRow> merged = new TreeMap<>(PrefixRange.ORDER);
        page.forEach(row -> merged.put(row.key(), row));
        Optional<String> end = page.more() ? page.last().map(VersionRow::key) : Optional.empty();
        writes.forEach((name, write) -> {
            boolean inPage = name.startsWith(prefix)
                    && PrefixRange.ORDER.compare(name, after) > 0
                    && end.map(last -> PrefixRange.ORDER.compare(name, last) <= 0)
                            .orElse(true);
            if (inPage) {
                write.text()
                        .ifPresentOrElse(text -> merged.put(name, uncommitted(name, text)), () -> merged.remove(name));
            }
        });
        boolean overfull = bounds.whole().isEmpty() && merged.size() > bounds.entries();
        List<VersionRow> rows = merged.values().stream()
                .limit(overfull ? bounds.entries() : Long.MAX_VALUE)
                .toList();
        return Page.of(rows, overfull || page.more());
    }

    @Override
    public <T> Page<Event<T>> events(EventStream<T> stream, long after, int limit) {
        Arguments.required(stream, "stream");
        return events(stream, after, Listing.events(stream.name()).page(after, limit));
    }

    @Override
    public <T> List<Event<T>> events(EventStream<T> stream) {
        Arguments.required(stream, "stream");
        return events(stream, 0, Listing.events(stream.name()).whole());
    }

    private <T> Page<Event<T>> events(EventStream<T> stream, long after, Bounds bounds) {
        refuseEnded();
        streamsRead.add(stream.name());
        return cut(stream.name(), () -> hasOvertakenWhatLedTo(stream), asOf -> asOf.events(stream, after, bounds))
                .map(row -> row.in(stream));
    }

    @Override
    public <T> void append(EventStream<T> stream, NewEvent<T> event) {
        Arguments.required(stream, "stream");
        Arguments.required(event, "event");
        refuseEnded();
        EncodedAppend<T> one = writing.append(stream, OptionalLong.empty(), List.of(event));
        EncodedAppend<?> before = appends.get(stream.name());
        List<EncodedEvent> facts = new ArrayList<>(before == null ? List.of() : before.facts());
        facts.addAll(one.facts());
        appends.put(stream.name(), new EncodedAppend<>(stream, OptionalLong.empty(), facts));
    }

    @Override
    public <T> void put(Key<T> key, T value) {
        Arguments.required(key, "key");
        Arguments.required(value, "value");
        refuseEnded();
        writes.put(key.name(), writing.put(key, value, Precondition.none()));
    }

    @Override
    public void delete(Key<?> key) {
        Arguments.required(key, "key");
        refuseEnded();
        writes.put(key.name(), blindDelete(key));
    }

    private static <T> EncodedWrite<T> blindDelete(Key<T> key) {
        return new EncodedWrite<>(Kind.DELETE, key, Precondition.none(), Optional.empty(), Optional.empty(), true);
    }

    @Override
    public void fencedBy(Claim claim) {
        Arguments.required(claim, "claim");
        refuseEnded();
        claims.add(FencingToken.of(claim));
    }

    /** Returns the request to commit; empty if the run has changed nothing and depends on no claim. */
    Optional<CommitRequest> request(String agent, Optional<CommitParticipant> attachment) {
        if (writes.isEmpty() && appends.isEmpty() && claims.isEmpty() && attachment.isEmpty()) {
            return Optional.empty();
        }
        Optional<ReadSet> readSet = sequence.isPresent()
                ? Optional.of(new ReadSet(sequence.getAsLong(), keysRead, prefixesRead, streamsRead))
                : Optional.empty();
        return Optional.of(new CommitRequest(
                agent, List.copyOf(writes.values()), List.copyOf(appends.values()), claims, readSet, attachment));
    }

    /** Returns the names of everything that was read, as conflicts give them. */
    Set<String> namesRead() {
        Set<String> names = new HashSet<>(keysRead);
        prefixesRead.forEach(prefix -> names.add(prefix + "*"));
        names.addAll(streamsRead);
        return names;
    }

    /** Ends the run. Every later use of the transaction is refused. */
    void end() {
        ended = true;
    }

    private long at(VersionTables values) {
        if (sequence.isEmpty()) {
            sequence = OptionalLong.of(reads.lastSequence(values));
        }
        return sequence.getAsLong();
    }

    private static VersionRow uncommitted(String key, String text) {
        return new VersionRow(key, UNCOMMITTED, Optional.of(text));
    }

    private void refuseEnded() {
        if (ended) {
            throw new InvalidInputException(
                    "The transaction has ended; use it only inside the function passed to transact");
        }
    }
}
