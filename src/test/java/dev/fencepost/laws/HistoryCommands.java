package dev.fencepost.laws;

import dev.fencepost.Agent;
import dev.fencepost.Appended;
import dev.fencepost.CommitResult;
import dev.fencepost.Committed;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import dev.fencepost.WriteResult;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.testing.WorkerConsole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The commands of a {@link LawWorker} that make random writes and report each commit, and that read history. A report
 * has the sequence, then for each version or event its kind, name, number, and text or '-'.
 */
final class HistoryCommands {
    static final List<String> KEYS = List.of("a/1", "a/2", "a/b/1", "b/1", "c");
    static final List<String> STREAMS = List.of("a/s", "b/s");

    /** A stream that is never pruned. It tells the sequence of a transaction. */
    static final String LOG = "log";

    private final List<AutoCloseable> running = new ArrayList<>();
    private int texts;

    Optional<String> answer(Store store, String agent, String[] words, WorkerConsole console) {
        return Optional.ofNullable(
                switch (words[0]) {
                    case "wander" ->
                        new Wandering(store.agent(agent), new Random(Long.parseLong(words[2])), console)
                                .wander(Integer.parseInt(words[1]));
                    case "past" -> past(store, Long.parseLong(words[1]));
                    case "retain" -> {
                        running.add(
                                store.agent(agent).retention().applyEvery(Duration.ofMillis(Long.parseLong(words[1]))));
                        yield "retains";
                    }
                    default -> null;
                });
    }

    /** Returns all that can be read as of one commit, in one line. */
    static String past(Store store, long sequence) {
        try (Snapshot then = store.snapshotAt(sequence)) {
            List<String> all = new ArrayList<>();
            KEYS.forEach(key -> all.add(HistoryReads.get(then, key)));
            List.of("", "a/", "b/").forEach(prefix -> all.add(HistoryReads.list(then, prefix)));
            STREAMS.forEach(stream -> all.add(HistoryReads.events(then, stream, 0)));
            return String.join(" ", all);
        }
    }

    /** The random writes of one process. */
    private final class Wandering {
        private final Agent agent;
        private final Random random;
        private final WorkerConsole console;

        Wandering(Agent agent, Random random, WorkerConsole console) {
            this.agent = agent;
            this.random = random;
            this.console = console;
        }

        String wander(int commands) {
            for (int i = 0; i < commands; i++) {
                switch (random.nextInt(6)) {
                    case 0 -> put();
                    case 1 -> delete();
                    case 2, 3 -> commit();
                    case 4 -> append();
                    default -> transact();
                }
            }
            return "wandered";
        }

        private String text() {
            return ProcessHandle.current().pid() + "-" + ++texts;
        }

        private <T> T any(List<T> choices) {
            return choices.get(random.nextInt(choices.size()));
        }

        private NewEvent<String> fact() {
            return new NewEvent<>(text(), text());
        }

        private void say(long sequence, List<String> words) {
            console.report("did " + sequence + " " + String.join(" ", words));
        }

        private String version(String key, long version, String text) {
            return "version " + key + " " + version + " " + text;
        }

        private String event(Event<String> event) {
            return "event " + event.stream().name() + " " + event.number() + " " + event.id() + " " + event.body();
        }

        private void put() {
            String key = any(KEYS);
            String value = text();
            Precondition<String> asked =
                    random.nextBoolean() ? Precondition.none() : Precondition.ifVersion(random.nextInt(40));
            told(agent.tryPut(Key.text(key), value, asked), value);
        }

        private void delete() {
            told(agent.tryDelete(Key.text(any(KEYS))), "-");
        }

        private void told(WriteResult<String> result, String text) {
            if (result instanceof Committed<String> done) {
                say(done.sequence(), List.of(version(done.key().name(), done.version(), text)));
            }
        }

        private void commit() {
            WriteBatch writes = WriteBatch.of();
            String value = text();
            KEYS.stream().filter(key -> random.nextInt(3) == 0).forEach(key -> writes.put(Key.text(key), value));
            STREAMS.stream()
                    .filter(stream -> random.nextInt(3) == 0)
                    .forEach(stream -> writes.append(EventStream.text(stream), List.of(fact(), fact())));
            CommitResult.Applied done = agent.commit(writes).orThrow();
            List<String> words = new ArrayList<>();
            done.writes().forEach(one -> words.add(version(one.key().name(), one.version(), value)));
            done.appends().forEach(one -> strings(one).forEach(event -> words.add(event(event))));
            long sequence = done.writes().stream()
                    .map(Committed::sequence)
                    .findFirst()
                    .or(() -> done.appends().stream()
                            .map(one -> strings(one).get(0).sequence())
                            .findFirst())
                    .orElse(0L);
            if (sequence > 0) {
                say(sequence, words);
            }
        }

        @SuppressWarnings("unchecked") // all streams of this class are of text
        private static List<Event<String>> strings(Appended<?> appended) {
            return ((Appended<String>) appended).events();
        }

        private void append() {
            List<Event<String>> events = agent.append(EventStream.text(any(STREAMS)), List.of(fact()))
                    .orThrow()
                    .events();
            say(events.get(0).sequence(), List.of(event(events.get(0))));
        }

        /** Reads several keys of one snapshot, and writes one key. */
        private void transact() {
            NewEvent<String> mark = fact();
            EventStream<String> log = EventStream.text(LOG);
            String target = any(KEYS);
            String value = text();
            long version = agent.transact(tx -> {
                List<Versioned<String>> all = tx.list(Prefix.text("a/"));
                for (Versioned<String> one : all) {
                    if (!tx.get(one.key()).equals(Optional.of(one))) {
                        throw new AssertionError("not one cut: " + one);
                    }
                }
                long before = tx.get(Key.text(target)).map(Versioned::version).orElse(0L);
                tx.put(Key.text(target), value);
                tx.append(log, mark);
                return before;
            });
            // A repeated append returns the position of the event.
            Event<String> marked = agent.append(log, mark);
            say(marked.sequence(), List.of(version(target, version == 0 ? -1 : version + 1, value), event(marked)));
        }
    }
}
