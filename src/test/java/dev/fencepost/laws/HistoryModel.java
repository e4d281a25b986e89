package dev.fencepost.laws;

import dev.fencepost.RetentionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/**
 * What a store is to be, kept as whole states in memory: one after each place in the order of commits. Knows nothing of
 * tables. Answers are text, so that they can be compared with what a store says.
 */
final class HistoryModel {
    /** The answer for what was let go. */
    static final String GONE = "no longer kept";

    /** One version of a key, or one event of a stream. */
    record Entry(String name, long number, long sequence, String id, Optional<String> text) {
        @Override
        public String toString() {
            return name + "#" + number + "@" + sequence + "/" + id + "=" + text.orElse("(deleted)");
        }
    }

    /** Who holds a key. */
    record Held(String agent, long epoch) {}

    /** All that there is after one place. */
    private record State(
            Map<String, List<Entry>> keys, Map<String, List<Entry>> streams, Map<String, Held> claims, long time) {
        static State empty() {
            return new State(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), Long.MIN_VALUE);
        }

        State copy(long time) {
            return new State(new TreeMap<>(keys), new TreeMap<>(streams), new TreeMap<>(claims), time);
        }
    }

    private final List<State> states = new ArrayList<>(List.of(State.empty()));
    private final List<Entry> written = new ArrayList<>();
    private final List<Entry> appended = new ArrayList<>();
    private final Map<String, Long> keysKeptFrom = new TreeMap<>();
    private final Map<String, Long> streamsKeptFrom = new TreeMap<>();

    /** The newest place. */
    long last() {
        return states.size() - 1L;
    }

    /** Begins a state that is as the one before it; what is changed then is changed in it. */
    long begin(long time) {
        states.add(state(last()).copy(time));
        return last();
    }

    /** Places of which nothing is known but that nothing visible changed. */
    void fillTo(long sequence, long time) {
        while (last() < sequence) {
            begin(time);
        }
    }

    private State state(long sequence) {
        return states.get((int) sequence);
    }

    private State now() {
        return state(last());
    }

    /** Writes a version, or a tombstone, in the state that was begun last. */
    Entry write(String key, Optional<String> value) {
        Entry entry = add(now().keys(), key, "", value);
        written.add(entry);
        return entry;
    }

    /** Appends an event in the state that was begun last. */
    Entry append(String stream, String id, String body) {
        Entry entry = add(now().streams(), stream, id, Optional.of(body));
        appended.add(entry);
        return entry;
    }

    private Entry add(Map<String, List<Entry>> entries, String name, String id, Optional<String> text) {
        List<Entry> all = new ArrayList<>(entries.getOrDefault(name, List.of()));
        Entry entry = new Entry(name, all.size() + 1, last(), id, text);
        all.add(entry);
        entries.put(name, List.copyOf(all));
        return entry;
    }

    /** Somebody takes a key, or gives it back. */
    void claim(String key, Optional<Held> held) {
        held.ifPresentOrElse(
                holder -> now().claims().put(key, holder), () -> now().claims().remove(key));
    }

    /** Who holds a key now. */
    Optional<Held> holder(String key) {
        return Optional.ofNullable(now().claims().get(key));
    }

    /** The newest version of a key, a tombstone included. */
    Optional<Entry> newest(String key) {
        return newest(now().keys().getOrDefault(key, List.of()));
    }

    /** The newest version of a key, if that is a value. */
    Optional<Entry> present(String key) {
        return newest(key).filter(entry -> entry.text().isPresent());
    }

    private static Optional<Entry> newest(List<Entry> entries) {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1));
    }

    /** How many events a stream has had. */
    long end(String stream) {
        return now().streams().getOrDefault(stream, List.of()).size();
    }

    /** The event of this name, unless it was let go. */
    Optional<Entry> named(String stream, String id) {
        return now().streams().getOrDefault(stream, List.of()).stream()
                .filter(event ->
                        event.number() >= streamKeptFrom(stream) && event.id().equals(id))
                .findFirst();
    }

    /** Whether a key, a prefix (ending with a star) or a stream (beginning with a colon) has changed after a place. */
    boolean changedAfter(String read, long sequence) {
        if (read.startsWith(":")) {
            return after(now().streams().getOrDefault(read.substring(1), List.of()), sequence);
        } else if (!read.endsWith("*")) {
            return after(now().keys().getOrDefault(read, List.of()), sequence);
        }
        String prefix = read.substring(0, read.length() - 1);
        return now().keys().entrySet().stream()
                .anyMatch(key -> key.getKey().startsWith(prefix) && after(key.getValue(), sequence));
    }

    private static boolean after(List<Entry> entries, long sequence) {
        return newest(entries).filter(entry -> entry.sequence() > sequence).isPresent();
    }

    /** The last place that was taken at a time or before it, where clocks never go back. */
    long at(long time) {
        long found = 0;
        while (found < last() && state(found + 1).time() <= time) {
            found++;
        }
        return found;
    }

    // What was let go.

    long keyKeptFrom(String key) {
        return keysKeptFrom.getOrDefault(key, 1L);
    }

    long streamKeptFrom(String stream) {
        return streamsKeptFrom.getOrDefault(stream, 1L);
    }

    /** The rule that counts for a name. */
    private static Optional<RetentionPolicy> rule(Map<String, RetentionPolicy> rules, String name) {
        return rules.entrySet().stream()
                .filter(rule -> name.startsWith(rule.getKey()))
                .max((one, other) -> one.getKey().length() - other.getKey().length())
                .map(Map.Entry::getValue);
    }

    /** A run of retention: says how many versions, and how many events, it lets go. */
    List<Long> retain(Map<String, RetentionPolicy> rules, long time, Collection<Long> pins) {
        long versions = 0;
        long events = 0;
        for (Map.Entry<String, List<Entry>> key : now().keys().entrySet()) {
            long wanted = wantedOfKey(key, rules, time);
            for (long pin : pins) {
                wanted = Math.min(wanted, keptAt(key.getValue(), keyKeptFrom(key.getKey()), pin));
            }
            versions += Math.max(0, wanted - keyKeptFrom(key.getKey()));
            keysKeptFrom.merge(key.getKey(), wanted, Math::max);
        }
        for (Map.Entry<String, List<Entry>> stream : now().streams().entrySet()) {
            long keptFrom = streamKeptFrom(stream.getKey());
            long first = stream.getValue().get((int) keptFrom - 1).sequence();
            if (pins.stream().noneMatch(pin -> pin >= first)) {
                long wanted = wantedOfStream(stream, rules, time);
                events += Math.max(0, wanted - keptFrom);
                streamsKeptFrom.merge(stream.getKey(), wanted, Math::max);
            }
        }
        return List.of(versions, events);
    }

    /** Whether a run of retention finds something that it would let go of, were it not for open snapshots. */
    boolean hasToLetGo(Map<String, RetentionPolicy> rules, long time) {
        return now().keys().entrySet().stream()
                        .anyMatch(key -> wantedOfKey(key, rules, time) > keyKeptFrom(key.getKey()))
                || now().streams().entrySet().stream()
                        .anyMatch(stream -> wantedOfStream(stream, rules, time) > streamKeptFrom(stream.getKey()));
    }

    private long wantedOfKey(Map.Entry<String, List<Entry>> key, Map<String, RetentionPolicy> rules, long time) {
        return rule(rules, key.getKey())
                .map(keep -> wanted(key.getValue(), keep, this::at, time, true))
                .orElse(1L);
    }

    private long wantedOfStream(Map.Entry<String, List<Entry>> stream, Map<String, RetentionPolicy> rules, long time) {
        return rule(rules, stream.getKey())
                .map(keep -> wanted(stream.getValue(), keep, this::at, time, false))
                .orElse(1L);
    }

    /** The version that an open snapshot sees must stay; where it sees none that is kept, it has no say. */
    private static long keptAt(List<Entry> entries, long keptFrom, long pin) {
        long seen = upTo(entries, pin).map(Entry::number).orElse(0L);
        return seen < keptFrom ? Long.MAX_VALUE : seen;
    }

    private static Optional<Entry> upTo(List<Entry> entries, long sequence) {
        return newest(
                entries.stream().filter(entry -> entry.sequence() <= sequence).toList());
    }

    private static long wanted(
            List<Entry> entries, RetentionPolicy keep, LongUnaryOperator at, long time, boolean values) {
        long wanted = entries.size();
        if (keep.versions().isPresent()) {
            wanted = Math.min(wanted, entries.size() - keep.versions().getAsInt() + 1);
        }
        if (keep.age().isPresent()) {
            Duration age = keep.age().get();
            long begin = at.applyAsLong(time - age.toMillis());
            long current = upTo(entries, begin).map(Entry::number).orElse(0L);
            // A value was current until the next one came; an event happened when it did.
            wanted = Math.min(wanted, values ? Math.max(1, current) : current + 1);
        }
        return Math.max(1, wanted);
    }

    // Answers as of a place.

    /** What a key is. */
    String get(long sequence, String key) {
        List<Entry> versions = state(sequence).keys().getOrDefault(key, List.of());
        return newest(versions).map(entry -> show(entry)).orElse("absent");
    }

    private static String show(Entry version) {
        return version.text().isPresent() ? version.toString() : "absent";
    }

    /** Whether what a key is has been let go. */
    boolean isGone(long sequence, String key) {
        List<Entry> versions = state(sequence).keys().getOrDefault(key, List.of());
        return !versions.isEmpty() && versions.size() < keyKeptFrom(key);
    }

    /** What all keys with a prefix are. */
    String list(long sequence, String prefix) {
        return state(sequence).keys().entrySet().stream()
                .filter(key -> key.getKey().startsWith(prefix))
                .flatMap(key -> newest(key.getValue()).stream())
                .filter(entry -> entry.text().isPresent())
                .toList()
                .toString();
    }

    /** Whether one of them has been let go. */
    boolean isListGone(long sequence, String prefix) {
        return state(sequence).keys().keySet().stream()
                .anyMatch(key -> key.startsWith(prefix) && isGone(sequence, key));
    }

    /** The events of a stream after one. */
    String events(long sequence, String stream, long after) {
        return state(sequence).streams().getOrDefault(stream, List.of()).stream()
                .filter(event -> event.number() > after)
                .toList()
                .toString();
    }

    /** Whether some of them have been let go, as far as can still be known. */
    boolean areEventsGone(long sequence, String stream, long after) {
        return state(sequence).streams().containsKey(stream) && streamKeptFrom(stream) > after + 1;
    }

    /** Who held what. */
    String claims(long sequence) {
        return state(sequence).claims().toString();
    }

    /** All versions of a key that are kept, newest first. */
    String history(String key) {
        List<Entry> kept = new ArrayList<>(now().keys().getOrDefault(key, List.of()).stream()
                .filter(entry -> entry.number() >= keyKeptFrom(key))
                .toList());
        Collections.reverse(kept);
        return kept.toString();
    }

    /** What is said of one version. */
    String version(String key, long version) {
        List<Entry> all = now().keys().getOrDefault(key, List.of());
        if (all.isEmpty()) {
            return "never existed";
        } else if (version > all.size()) {
            return "future of " + all.size();
        } else if (version < keyKeptFrom(key)) {
            return "evicted before " + keyKeptFrom(key);
        }
        return (version == all.size() ? "current " : "retained ") + all.get((int) version - 1);
    }

    /** All that was ever said in a stream. */
    String all(String stream) {
        return String.join(
                ",",
                now().streams().getOrDefault(stream, List.of()).stream()
                        .map(event -> event.text().orElseThrow())
                        .toList());
    }

    // The order of commits.

    /** Changes of some names after a place and up to another, by commits. */
    List<Entry> changes(Source source, long after, long through) {
        return entries(source)
                .filter(entry -> entry.sequence() > after && entry.sequence() <= through)
                .toList();
    }

    /** The newest place after one of which something was let go. */
    OptionalLong evictedAfter(Source source, long after) {
        return entries(source)
                .filter(entry ->
                        entry.number() < (source.values() ? keyKeptFrom(entry.name()) : streamKeptFrom(entry.name())))
                .mapToLong(Entry::sequence)
                .filter(sequence -> sequence > after)
                .max();
    }

    private Stream<Entry> entries(Source source) {
        return (source.values() ? written : appended).stream().filter(entry -> source.fits(entry.name()));
    }

    /** What is read of the order of commits. */
    record Source(boolean values, String name, boolean exact) {
        boolean fits(String candidate) {
            return exact ? candidate.equals(name) : candidate.startsWith(name);
        }
    }
}
