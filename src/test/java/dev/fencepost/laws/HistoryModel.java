package dev.fencepost.laws;

import dev.fencepost.history.RetentionPolicy;
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
 * The expected history of a store, as whole states in memory: one after each commit. Knows nothing of tables. Answers
 * are text, so that they can be compared with those of a store.
 */
final class HistoryModel {
    /** The answer for pruned history. */
    static final String GONE = "no longer kept";

    /** One version of a key, or one event of a stream. */
    record Entry(String name, long number, long sequence, String id, Optional<String> text) {
        @Override
        public String toString() {
            return name + "#" + number + "@" + sequence + "/" + id + "=" + text.orElse("(deleted)");
        }
    }

    /** The holder of a key. */
    record Held(String agent, long epoch) {}

    /** The state after one commit. */
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

    /** Returns the newest sequence. */
    long last() {
        return states.size() - 1L;
    }

    /**
     * Begins a new state as a copy of the last one. Later changes apply to it. After a commit of several versions, as
     * many sequences are left out.
     */
    long begin(long time) {
        long before = last();
        long versions =
                written.stream().filter(entry -> entry.sequence() == before).count();
        for (long i = 0; versions > 1 && i < versions; i++) {
            states.add(now());
        }
        states.add(now().copy(time));
        return last();
    }

    /** Adds commits that changed nothing visible. */
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

    /** Sets the holder of a key, or clears it. */
    void claim(String key, Optional<Held> held) {
        held.ifPresentOrElse(
                holder -> now().claims().put(key, holder), () -> now().claims().remove(key));
    }

    /** Returns the present holder of a key. */
    Optional<Held> holder(String key) {
        return Optional.ofNullable(now().claims().get(key));
    }

    /** Returns the newest version of a key, a tombstone included. */
    Optional<Entry> newest(String key) {
        return newest(now().keys().getOrDefault(key, List.of()));
    }

    /** Returns the newest version of a key if it is a value. */
    Optional<Entry> present(String key) {
        return newest(key).filter(entry -> entry.text().isPresent());
    }

    private static Optional<Entry> newest(List<Entry> entries) {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1));
    }

    /** Returns the number of events that a stream has had. */
    long end(String stream) {
        return now().streams().getOrDefault(stream, List.of()).size();
    }

    /** Returns the event with this ID, unless it was pruned. */
    Optional<Entry> named(String stream, String id) {
        return now().streams().getOrDefault(stream, List.of()).stream()
                .filter(event ->
                        event.number() >= streamKeptFrom(stream) && event.id().equals(id))
                .findFirst();
    }

    /**
     * Returns whether a key, a prefix (ending with a star) or a stream (beginning with a colon) changed after a commit.
     */
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

    /** Returns the last commit at a time or before it; clocks never go back here. */
    long at(long time) {
        long found = 0;
        for (long i = 1; i <= last() && state(i).time() <= time; i++) {
            boolean isCommit = state(i) != state(i - 1);
            found = isCommit ? i : found;
        }
        return found;
    }

    // Pruning.

    long keyKeptFrom(String key) {
        return keysKeptFrom.getOrDefault(key, 1L);
    }

    long streamKeptFrom(String stream) {
        return streamsKeptFrom.getOrDefault(stream, 1L);
    }

    /** Returns the rule that applies to a name. */
    private static Optional<RetentionPolicy> rule(Map<String, RetentionPolicy> rules, String name) {
        return rules.entrySet().stream()
                .filter(rule -> name.startsWith(rule.getKey()))
                .max((one, other) -> one.getKey().length() - other.getKey().length())
                .map(Map.Entry::getValue);
    }

    /** Prunes; returns the numbers of pruned versions and events. */
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

    /** Returns whether retention would prune anything if no snapshot were open. */
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

    /** Returns the version that an open snapshot pins. A snapshot that sees only pruned versions pins none. */
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
            // A value was current until the next version; an event has only the time at which it happened.
            wanted = Math.min(wanted, values ? Math.max(1, current) : current + 1);
        }
        return Math.max(1, wanted);
    }

    // Answers as of a commit.

    /** Returns the value of a key. */
    String get(long sequence, String key) {
        List<Entry> versions = state(sequence).keys().getOrDefault(key, List.of());
        return newest(versions).map(entry -> show(entry)).orElse("absent");
    }

    private static String show(Entry version) {
        return version.text().isPresent() ? version.toString() : "absent";
    }

    /** Returns whether the value of a key has been pruned. */
    boolean isGone(long sequence, String key) {
        List<Entry> versions = state(sequence).keys().getOrDefault(key, List.of());
        return !versions.isEmpty() && versions.size() < keyKeptFrom(key);
    }

    /** Returns the values of all keys with a prefix. */
    String list(long sequence, String prefix) {
        return state(sequence).keys().entrySet().stream()
                .filter(key -> key.getKey().startsWith(prefix))
                .flatMap(key -> newest(key.getValue()).stream())
                .filter(entry -> entry.text().isPresent())
                .toList()
                .toString();
    }

    /** Returns whether the value of any key with a prefix has been pruned. */
    boolean isListGone(long sequence, String prefix) {
        return state(sequence).keys().keySet().stream()
                .anyMatch(key -> key.startsWith(prefix) && isGone(sequence, key));
    }

    /** Returns the events of a stream after a number. */
    String events(long sequence, String stream, long after) {
        return state(sequence).streams().getOrDefault(stream, List.of()).stream()
                .filter(event -> event.number() > after)
                .toList()
                .toString();
    }

    /** Returns whether any of these events have been pruned, as far as is still known. */
    boolean areEventsGone(long sequence, String stream, long after) {
        return state(sequence).streams().containsKey(stream) && streamKeptFrom(stream) > after + 1;
    }

    /** Returns the holders of all keys. */
    String claims(long sequence) {
        return state(sequence).claims().toString();
    }

    /** Returns all retained versions of a key, newest first. */
    String history(String key) {
        List<Entry> kept = new ArrayList<>(now().keys().getOrDefault(key, List.of()).stream()
                .filter(entry -> entry.number() >= keyKeptFrom(key))
                .toList());
        Collections.reverse(kept);
        return kept.toString();
    }

    /** Returns the answer for one version. */
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

    /** Returns the bodies of all events of a stream, pruned ones included. */
    String all(String stream) {
        return String.join(
                ",",
                now().streams().getOrDefault(stream, List.of()).stream()
                        .map(event -> event.text().orElseThrow())
                        .toList());
    }

    // Commit order.

    /** Returns the changes of a source after one commit and up to another, in commit order. */
    List<Entry> changes(Source source, long after, long through) {
        return entries(source)
                .filter(entry -> entry.sequence() > after && entry.sequence() <= through)
                .toList();
    }

    /** Returns the newest pruned change of a source after a commit; empty if none was pruned. */
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

    /** The names of which changes are read. */
    record Source(boolean values, String name, boolean exact) {
        boolean fits(String candidate) {
            return exact ? candidate.equals(name) : candidate.startsWith(name);
        }
    }
}
