package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.AppendResult;
import dev.fencepost.Appended;
import dev.fencepost.Codec;
import dev.fencepost.CommitResult;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.StreamConflict;
import dev.fencepost.WriteBatch;
import dev.fencepost.WriteResult;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.PrunedException;
import dev.fencepost.laws.HistoryModel.Entry;
import dev.fencepost.testing.SettableClock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** The part of a {@link HistoryModelRun} that writes values and events, and applies the same to the model. */
abstract class HistoryWrites {
    static final List<String> KEYS = List.of("a", "a/1", "a/2", "a/b/1", "b/1", "c");
    static final List<String> STREAMS = List.of("a/1", "a/s", "b/s");
    static final List<String> PREFIXES = List.of("", "a", "a/", "a/b/", "b/", "z");

    private static final Fold<String, String> ALL = new Fold<>(
            "all", 1, "", (state, event) -> state.isEmpty() ? event.body() : state + "," + event.body(), Codec.text());

    final Random random;
    final SettableClock clock;
    final List<Store> stores;
    final HistoryModel model = new HistoryModel();
    final Map<String, Long> folded = new TreeMap<>();
    final List<String> story = new ArrayList<>();
    int texts;

    HistoryWrites(Random random, SettableClock clock, Store one, Store other) {
        this.random = random;
        this.clock = clock;
        this.stores = List.of(one, other);
    }

    <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    Store store() {
        return any(stores);
    }

    Agent agent() {
        return store().agent(any(List.of("ann", "bob")));
    }

    long time() {
        return clock.millis();
    }

    String text() {
        return "x" + ++texts;
    }

    void tell(Object... what) {
        story.add(Arrays.toString(what));
    }

    // Values.

    boolean holds(Precondition<String> asked, String key) {
        Optional<Entry> present = model.present(key);
        if (asked instanceof Precondition.Absent) {
            return present.isEmpty();
        } else if (asked instanceof Precondition.Present) {
            return present.isPresent();
        } else if (asked instanceof Precondition.AtVersion<String> at) {
            return present.filter(entry -> entry.number() == at.version()).isPresent();
        } else if (asked instanceof Precondition.HasValue<String> has) {
            return present.flatMap(Entry::text).equals(Optional.of(has.value()));
        }
        return true;
    }

    Precondition<String> precondition(String key) {
        long version = model.present(key).map(Entry::number).orElse(0L);
        return switch (random.nextInt(8)) {
            case 0 -> Precondition.ifAbsent();
            case 1 -> Precondition.ifPresent();
            case 2 -> Precondition.ifVersion(version);
            case 3 -> Precondition.ifVersion(version + random.nextInt(2));
            case 4 ->
                Precondition.ifValue(model.present(key).flatMap(Entry::text).orElse("none"));
            default -> Precondition.none();
        };
    }

    void put() {
        String key = any(KEYS);
        String value = text();
        Precondition<String> asked = precondition(key);
        tell("put", key, value, asked);
        wrote(agent().tryPut(Key.text(key), value, asked), key, Optional.of(value), holds(asked, key));
    }

    void delete() {
        String key = any(KEYS);
        tell("delete", key);
        wrote(
                agent().tryDelete(Key.text(key)),
                key,
                Optional.empty(),
                model.present(key).isPresent());
    }

    void wrote(WriteResult<String> result, String key, Optional<String> value, boolean holds) {
        boolean may = holds && model.holder(key).isEmpty();
        assertThat(result.isCommitted()).isEqualTo(may);
        if (may) {
            model.begin(time());
            Entry entry = model.write(key, value);
            assertThat(result.orThrow().sequence()).isEqualTo(entry.sequence());
            assertThat(result.orThrow().version()).isEqualTo(entry.number());
        }
    }

    /** A planned commit, and whether it fits. */
    final class Plan {
        final WriteBatch writes = WriteBatch.of();
        final List<Entry> values = new ArrayList<>();
        final Map<String, List<NewEvent<String>>> events = new LinkedHashMap<>();
        boolean fits = true;

        Plan some() {
            for (String key : KEYS) {
                if (random.nextInt(4) == 0) {
                    put(key, random.nextInt(3) == 0 ? precondition(key) : Precondition.none());
                }
            }
            for (String stream : STREAMS) {
                if (random.nextInt(3) == 0) {
                    append(stream);
                }
            }
            return this;
        }

        void put(String key, Precondition<String> asked) {
            String value = text();
            writes.put(Key.text(key), value, asked);
            values.add(new Entry(key, 0, 0, "", Optional.of(value)));
            fits &= holds(asked, key) && model.holder(key).isEmpty();
        }

        private void append(String stream) {
            List<NewEvent<String>> facts = facts(1 + random.nextInt(3));
            writes.append(EventStream.text(stream), facts);
            events.put(stream, facts);
        }

        void applied() {
            boolean anything = !values.isEmpty()
                    || events.entrySet().stream()
                            .anyMatch(stream -> stream.getValue().stream()
                                    .anyMatch(fact -> model.named(stream.getKey(), fact.id())
                                            .isEmpty()));
            if (anything) {
                model.begin(time());
                values.forEach(value -> model.write(value.name(), value.text()));
                events.forEach(HistoryWrites.this::appendNew);
            }
        }
    }

    List<NewEvent<String>> facts(int count) {
        List<NewEvent<String>> facts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // The body follows from the ID: with another body, the same ID would be a conflict.
            String id = "e" + random.nextInt(25);
            facts.add(new NewEvent<>(id, "body of " + id));
        }
        return facts;
    }

    /** Appends new events to the model, and returns all with their positions. */
    List<Entry> appendNew(String stream, List<NewEvent<String>> facts) {
        return facts.stream()
                .map(fact ->
                        model.named(stream, fact.id()).orElseGet(() -> model.append(stream, fact.id(), fact.body())))
                .toList();
    }

    void commit() {
        Plan plan = new Plan().some();
        tell("commit", plan.values, plan.events);
        CommitResult result = agent().tryCommit(plan.writes);
        assertThat(result instanceof CommitResult.Applied).isEqualTo(plan.fits);
        if (plan.fits) {
            plan.applied();
        }
    }

    /** Deletes one key, writes others by what it reads, and appends. */
    void transact() {
        String read = any(KEYS);
        String deleted = any(KEYS);
        Plan plan = new Plan().some();
        plan.values.removeIf(value -> value.name().equals(deleted));
        boolean free = plan.values.stream()
                        .allMatch(value -> model.holder(value.name()).isEmpty())
                && model.holder(deleted).isEmpty();
        tell("transact", read, deleted, plan.values, plan.events);
        boolean done = true;
        try {
            agent().transact(
                            tx -> {
                                String last = HistoryReads.get(tx, read);
                                assertThat(last).isEqualTo(model.get(model.last(), read));
                                tx.delete(Key.text(deleted));
                                plan.values.forEach(value -> tx.put(
                                        Key.text(value.name()), value.text().orElseThrow()));
                                plan.events.forEach((stream, facts) ->
                                        facts.forEach(fact -> tx.append(EventStream.text(stream), fact)));
                                return true;
                            },
                            RetryPolicy.never());
        } catch (RetriesExhaustedException e) {
            done = false;
        }
        assertThat(done).isEqualTo(free);
        if (done) {
            if (model.present(deleted).isPresent()) {
                plan.values.add(0, new Entry(deleted, 0, 0, "", Optional.empty()));
            }
            plan.applied();
        }
    }

    // Events.

    void append() {
        String stream = any(STREAMS);
        List<NewEvent<String>> facts = facts(1 + random.nextInt(3));
        tell("append", stream, facts);
        appended(agent().tryAppend(EventStream.text(stream), facts), stream, facts);
    }

    void appended(AppendResult<String> result, String stream, List<NewEvent<String>> facts) {
        long before = model.end(stream);
        if (facts.stream().anyMatch(fact -> model.named(stream, fact.id()).isEmpty())) {
            model.begin(time());
        }
        List<Entry> expected = appendNew(stream, facts);
        Appended<String> done = result.orThrow();
        assertThat(done.events().stream().map((Event<String> event) -> HistoryReads.entry(event)))
                .isEqualTo(expected);
        assertThat(done.duplicates()).isEqualTo((int) (facts.size() - model.end(stream) + before));
    }

    void appendAfter() {
        String stream = any(STREAMS);
        List<NewEvent<String>> facts = facts(random.nextInt(3));
        long expected = Math.max(0, model.end(stream) - random.nextInt(2));
        tell("append after", expected, stream, facts);
        AppendResult<String> result = agent().tryAppendAfter(EventStream.text(stream), expected, facts);
        boolean again = !facts.isEmpty()
                && facts.stream()
                        .allMatch(fact -> model.named(stream, fact.id()).isPresent());
        if (expected == model.end(stream) || again) {
            appended(result, stream, facts);
        } else {
            assertThat(result).isEqualTo(new StreamConflict<>(EventStream.text(stream), expected, model.end(stream)));
        }
    }

    void fold() {
        String stream = any(STREAMS);
        tell("fold", stream);
        boolean gone = model.streamKeptFrom(stream) > folded.getOrDefault(stream, 0L) + 1;
        try {
            assertThat(agent().fold(EventStream.text(stream), ALL).state()).isEqualTo(model.all(stream));
            assertThat(gone).isFalse();
            folded.put(stream, model.end(stream));
        } catch (PrunedException e) {
            assertThat(gone).isTrue();
        }
    }
}
