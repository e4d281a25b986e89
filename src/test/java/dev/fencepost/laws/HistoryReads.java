package dev.fencepost.laws;

import dev.fencepost.Change;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Key;
import dev.fencepost.Page;
import dev.fencepost.Prefix;
import dev.fencepost.Reader;
import dev.fencepost.Store;
import dev.fencepost.VersionInfo;
import dev.fencepost.Versioned;
import dev.fencepost.event.Batch;
import dev.fencepost.event.ChangeFeed;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.CursorOvertakenException;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.history.PrunedException;
import dev.fencepost.history.VersionLookup;
import dev.fencepost.history.VersionLookup.Latest;
import dev.fencepost.history.VersionLookup.NeverExisted;
import dev.fencepost.history.VersionLookup.NotYetWritten;
import dev.fencepost.history.VersionLookup.Pruned;
import dev.fencepost.history.VersionLookup.Retained;
import dev.fencepost.laws.HistoryModel.Entry;
import dev.fencepost.laws.HistoryModel.Held;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The history that a store returns, in the words of a {@link HistoryModel}. */
final class HistoryReads {
    private HistoryReads() {}

    private static String orGone(Supplier<String> reading) {
        try {
            return reading.get();
        } catch (PrunedException e) {
            return HistoryModel.GONE;
        }
    }

    static String get(Reader reader, String key) {
        return orGone(() ->
                reader.get(Key.text(key)).map(found -> entry(found).toString()).orElse("absent"));
    }

    private static Entry entry(Versioned<String> found) {
        return entry(found.key().name(), found.stamp(), "", Optional.of(found.value()));
    }

    private static Entry entry(String name, VersionInfo stamp, String id, Optional<String> text) {
        return new Entry(name, stamp.version(), stamp.sequence(), id, text);
    }

    static Entry entry(Change<String> change) {
        return entry(change.key().name(), change.stamp(), "", change.value());
    }

    static Entry entry(Event<String> event) {
        return entry(event.stream().name(), event.stamp(), event.id(), Optional.of(event.body()));
    }

    static String list(Reader reader, String prefix) {
        return orGone(() -> reader.list(Prefix.text(prefix)).stream()
                .map(HistoryReads::entry)
                .toList()
                .toString());
    }

    static String events(Reader reader, String stream, long after) {
        return orGone(() -> reader.events(EventStream.text(stream), after, Page.MAX_ENTRIES).stream()
                .map(HistoryReads::entry)
                .toList()
                .toString());
    }

    static String claims(List<ClaimInfo> claims) {
        Map<String, Held> found = new TreeMap<>();
        // The model does not cover the claims of consumers.
        claims.stream()
                .filter(claim -> !claim.key().startsWith("fencepost:cursor:"))
                .forEach(claim -> found.put(claim.key(), new Held(claim.holder().agent(), claim.epoch())));
        return found.toString();
    }

    static String history(Store store, String key) {
        return store.history().of(Key.text(key)).stream()
                .map(HistoryReads::entry)
                .toList()
                .toString();
    }

    static String version(Store store, String key, long version) {
        VersionLookup<String> answer = store.history().version(Key.text(key), version);
        if (answer instanceof Latest<String> current) {
            return "current " + entry(current.found());
        } else if (answer instanceof Retained<String> retained) {
            return "retained " + entry(retained.found());
        } else if (answer instanceof Pruned<String> evicted) {
            return "evicted before " + evicted.oldest();
        } else if (answer instanceof NotYetWritten<String> future) {
            return "future of " + future.newest();
        }
        return "never existed" + (answer instanceof NeverExisted<String> ? "" : "?");
    }

    /** Returns one batch of the feed; empty if pruning overtook it. */
    static Optional<Batch<Entry>> read(ChangeFeed feed, HistoryModel.Source source, long after, int limit) {
        try {
            return Optional.of(
                    source.values()
                            ? entries(feed.read(values(source), after, limit), HistoryReads::entry)
                            : entries(feed.read(events(source), after, limit), HistoryReads::entry));
        } catch (CursorOvertakenException e) {
            return Optional.empty();
        }
    }

    private static <E> Batch<Entry> entries(Batch<E> batch, java.util.function.Function<E, Entry> entry) {
        return new Batch<>(batch.changes().stream().map(entry).toList(), batch.after(), batch.through(), batch.more());
    }

    static ChangeSource<Change<String>> values(HistoryModel.Source source) {
        return ChangeSource.values(Prefix.text(source.name()));
    }

    static ChangeSource<Event<String>> events(HistoryModel.Source source) {
        return source.exact()
                ? ChangeSource.stream(EventStream.text(source.name()))
                : ChangeSource.events(source.name(), EventCodec.of(dev.fencepost.Codec.text()));
    }
}
