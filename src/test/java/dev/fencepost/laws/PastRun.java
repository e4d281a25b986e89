package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.AppendResult;
import dev.fencepost.Appended;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.Codec;
import dev.fencepost.CommitResult;
import dev.fencepost.Event;
import dev.fencepost.EventStream;
import dev.fencepost.Fold;
import dev.fencepost.Keep;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.NewEvent;
import dev.fencepost.NoLongerKeptException;
import dev.fencepost.Precondition;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.Retry;
import dev.fencepost.SettableClock;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StreamConflict;
import dev.fencepost.Trimmed;
import dev.fencepost.WriteResult;
import dev.fencepost.Writes;
import dev.fencepost.laws.PastModel.Entry;
import dev.fencepost.laws.PastModel.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One random run over a few keys and streams on one thread, through two stores of one file, beside a {@link PastModel}. */
final class PastRun {
    static final List<String> KEYS = List.of("a", "a/1", "a/2", "a/b/1", "b/1", "c");
    static final List<String> STREAMS = List.of("a/1", "a/s", "b/s");
    static final List<String> PREFIXES = List.of("", "a", "a/", "a/b/", "b/", "z");

    private static final Lease LONG = Lease.withoutHeartbeats(Duration.ofDays(300));

    private static final Fold<String, String> ALL = new Fold<>(
            "all", 1, "", (state, event) -> state.isEmpty() ? event.body() : state + "," + event.body(), Codec.text());

    private final Random random;
    private final SettableClock clock;
    private final List<Store> stores;
    final PastModel model = new PastModel();
    final Map<Long, Snapshot> open = new TreeMap<>();
    /** Those of the open snapshots that have not lost their hold. */
    private final Set<Long> pinned = new TreeSet<>();

    private final Map<Claim, List<String>> claims = new LinkedHashMap<>();
    private final Map<String, Keep> rules = new TreeMap<>();
    private final Map<String, Long> folded = new TreeMap<>();
    private final List<String> story = new ArrayList<>();
    private int texts;

    PastRun(Random random, SettableClock clock, Store one, Store other) {
        this.random = random;
        this.clock = clock;
        this.stores = List.of(one, other);
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private Store store() {
        return any(stores);
    }

    private Agent agent() {
        return store().agent(any(List.of("ann", "bob")));
    }

    private long time() {
        return clock.millis();
    }

    private String text() {
        return "x" + ++texts;
    }

    private void tell(Object... what) {
        story.add(Arrays.toString(what));
    }

    void act() {
        if (random.nextBoolean()) {
            clock.advance(Duration.ofSeconds(random.nextInt(600)));
        }
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> put();
            case 3 -> delete();
            case 4, 5, 6 -> commit();
            case 7, 8 -> transact();
            case 9, 10 -> append();
            case 11 -> appendAfter();
            case 12 -> claim();
            case 13 -> underClaim();
            case 14 -> revoke();
            case 15 -> rule();
            case 16 -> retain();
            case 17 -> snapshot();
            case 18 -> based();
            default -> fold();
        }
    }

    // Values.

    private boolean holds(Precondition<String> asked, String key) {
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

    private Precondition<String> precondition(String key) {
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

    private void put() {
        String key = any(KEYS);
        String value = text();
        Precondition<String> asked = precondition(key);
        tell("put", key, value, asked);
        wrote(agent().put(Key.text(key), value, asked), key, Optional.of(value), holds(asked, key));
    }

    private void delete() {
        String key = any(KEYS);
        tell("delete", key);
        wrote(
                agent().delete(Key.text(key)),
                key,
                Optional.empty(),
                model.present(key).isPresent());
    }

    private void wrote(WriteResult<String> result, String key, Optional<String> value, boolean holds) {
        boolean may = holds && model.holder(key).isEmpty();
        assertThat(result.isCommitted()).isEqualTo(may);
        if (may) {
            model.begin(time());
            Entry entry = model.write(key, value);
            assertThat(result.orThrow().sequence()).isEqualTo(entry.sequence());
            assertThat(result.orThrow().version()).isEqualTo(entry.number());
        }
    }

    /** What a commit is to do, and what stands in its way. */
    private final class Plan {
        final Writes writes = Writes.of();
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
                events.forEach(PastRun.this::appendNew);
            }
        }
    }

    private List<NewEvent<String>> facts(int count) {
        List<NewEvent<String>> facts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            facts.add(new NewEvent<>("e" + random.nextInt(25), text()));
        }
        return facts;
    }

    /** Returns where they stand, as the model has it. */
    private List<Entry> appendNew(String stream, List<NewEvent<String>> facts) {
        return facts.stream()
                .map(fact ->
                        model.named(stream, fact.id()).orElseGet(() -> model.append(stream, fact.id(), fact.body())))
                .toList();
    }

    private void commit() {
        Plan plan = new Plan().some();
        tell("commit", plan.values, plan.events);
        CommitResult result = agent().commit(plan.writes);
        assertThat(result instanceof CommitResult.Applied).isEqualTo(plan.fits);
        if (plan.fits) {
            plan.applied();
        }
    }

    /** Deletes one key, writes others by what it reads, and appends. */
    private void transact() {
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
                                String last = PastReading.get(tx, read);
                                assertThat(last).isEqualTo(model.get(model.last(), read));
                                tx.delete(Key.text(deleted));
                                plan.values.forEach(value -> tx.put(
                                        Key.text(value.name()), value.text().orElseThrow()));
                                plan.events.forEach((stream, facts) ->
                                        facts.forEach(fact -> tx.append(EventStream.text(stream), fact)));
                                return true;
                            },
                            Retry.never());
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

    private void append() {
        String stream = any(STREAMS);
        List<NewEvent<String>> facts = facts(1 + random.nextInt(3));
        tell("append", stream, facts);
        appended(agent().append(EventStream.text(stream), facts), stream, facts);
    }

    private void appended(AppendResult<String> result, String stream, List<NewEvent<String>> facts) {
        long before = model.end(stream);
        if (facts.stream().anyMatch(fact -> model.named(stream, fact.id()).isEmpty())) {
            model.begin(time());
        }
        List<Entry> expected = appendNew(stream, facts);
        Appended<String> done = result.orThrow();
        assertThat(done.events().stream().map((Event<String> event) -> PastReading.entry(event)))
                .isEqualTo(expected);
        assertThat(done.duplicates()).isEqualTo((int) (facts.size() - model.end(stream) + before));
    }

    private void appendAfter() {
        String stream = any(STREAMS);
        List<NewEvent<String>> facts = facts(random.nextInt(3));
        long expected = Math.max(0, model.end(stream) - random.nextInt(2));
        tell("append after", expected, stream, facts);
        AppendResult<String> result = agent().appendAfter(EventStream.text(stream), expected, facts);
        boolean again = !facts.isEmpty()
                && facts.stream()
                        .allMatch(fact -> model.named(stream, fact.id()).isPresent());
        if (expected == model.end(stream) || again) {
            appended(result, stream, facts);
        } else {
            assertThat(result).isEqualTo(new StreamConflict<>(EventStream.text(stream), expected, model.end(stream)));
        }
    }

    private void fold() {
        String stream = any(STREAMS);
        tell("fold", stream);
        boolean gone = model.streamKeptFrom(stream) > folded.getOrDefault(stream, 0L) + 1;
        try {
            assertThat(agent().fold(EventStream.text(stream), ALL).state()).isEqualTo(model.all(stream));
            assertThat(gone).isFalse();
            folded.put(stream, model.end(stream));
        } catch (NoLongerKeptException e) {
            assertThat(gone).isTrue();
        }
    }

    // Claims.

    private void claim() {
        List<String> wanted = new ArrayList<>(KEYS);
        wanted.removeIf(key -> random.nextInt(4) > 0);
        if (wanted.isEmpty()) {
            return;
        }
        Agent agent = agent();
        tell("claim", agent.name(), wanted);
        ClaimResult result = agent.claim(wanted.stream().map(Key::text).toList(), LONG, Duration.ZERO);
        boolean free = wanted.stream().allMatch(key -> model.holder(key).isEmpty());
        assertThat(result instanceof ClaimResult.Granted).isEqualTo(free);
        if (free) {
            Claim claim = result.orThrow();
            claims.put(claim, wanted);
            model.begin(time());
            wanted.forEach(key -> model.claim(key, Optional.of(new Held(agent.name(), claim.epoch(Key.text(key))))));
        }
    }

    private void underClaim() {
        if (claims.isEmpty()) {
            return;
        }
        Claim claim = any(List.copyOf(claims.keySet()));
        if (random.nextInt(3) == 0) {
            tell("release", claims.get(claim));
            claim.release();
            ended(claim);
            return;
        }
        String key = any(claims.getOrDefault(claim, List.of()));
        String value = text();
        tell("put under the claim", key, value);
        claim.put(Key.text(key), value);
        model.begin(time());
        model.write(key, Optional.of(value));
    }

    private void ended(Claim claim) {
        model.begin(time());
        Optional.ofNullable(claims.remove(claim)).orElseThrow().forEach(key -> model.claim(key, Optional.empty()));
    }

    private void revoke() {
        String key = any(KEYS);
        tell("revoke", key);
        boolean held = model.holder(key).isPresent();
        assertThat(agent().revoke(Key.text(key)).isEmpty()).isEqualTo(!held);
        claims.entrySet().stream()
                .filter(claim -> claim.getValue().contains(key))
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(this::ended);
    }

    // What is kept.

    private void rule() {
        String prefix = any(PREFIXES);
        if (random.nextInt(4) == 0) {
            tell("no rule", prefix);
            agent().retention().takeBack(prefix);
            rules.remove(prefix);
            return;
        }
        Duration age = Duration.ofMinutes(random.nextInt(60));
        int newest = 1 + random.nextInt(4);
        Keep keep = any(List.of(Keep.newest(newest), Keep.last(age), Keep.newestAndLast(newest, age)));
        tell("keep", prefix, keep);
        agent().retention().keep(prefix, keep);
        rules.put(prefix, keep);
    }

    private void retain() {
        boolean stalled = random.nextInt(4) == 0;
        if (stalled) {
            tell("all stall");
            clock.advance(Snapshot.LEASE.plusMillis(1));
        } else {
            // Whoever opens a snapshot shows that it lives.
            stores.forEach(store -> store.snapshot().close());
        }
        tell("retain", clock.instant());
        Trimmed trimmed = agent().retention().run();
        List<Long> expected = model.retain(rules, time(), stalled ? Set.of() : pinned);
        assertThat(List.of(trimmed.versions(), trimmed.events())).isEqualTo(expected);
        if (stalled && !expected.equals(List.of(0L, 0L))) {
            // Where there was something to let go of, it was asked who keeps it.
            pinned.clear();
        }
    }

    /** Opens one, or closes one that is open. */
    private void snapshot() {
        if (open.size() > random.nextInt(3)) {
            long closed = any(List.copyOf(open.keySet()));
            tell("close", closed);
            Optional.ofNullable(open.remove(closed)).orElseThrow().close();
            pinned.remove(closed);
            return;
        }
        long sequence = random.nextBoolean() ? model.last() : random.nextInt((int) model.last() + 1);
        if (!open.containsKey(sequence)) {
            tell("open", sequence);
            open.put(sequence, store().snapshotAt(sequence));
            pinned.add(sequence);
        }
    }

    /** A commit that rests on what was read of the past. */
    private void based() {
        long sequence = Math.max(0, model.last() - random.nextInt(6));
        String key = any(KEYS);
        String prefix = any(PREFIXES);
        String stream = any(STREAMS);
        List<String> reads = new ArrayList<>(List.of(key, prefix + "*", ":" + stream));
        reads.removeIf(read -> random.nextInt(3) > 0);
        Plan plan = new Plan().some();
        plan.values.forEach(value -> reads.add(value.name()));
        plan.events.keySet().forEach(name -> reads.add(":" + name));
        tell("based on", sequence, reads, plan.values, plan.events);
        try (Snapshot basis = store().snapshotAt(sequence)) {
            if (reads.contains(key)) {
                PastReading.get(basis, key);
            }
            if (reads.contains(prefix + "*")) {
                PastReading.list(basis, prefix);
            }
            if (reads.contains(":" + stream)) {
                PastReading.events(basis, stream, 0);
            }
            boolean fits = plan.fits && reads.stream().noneMatch(read -> model.changedAfter(read, sequence));
            CommitResult result = agent().commit(plan.writes.basedOn(basis));
            assertThat(result instanceof CommitResult.Applied).isEqualTo(fits);
            if (fits) {
                plan.applied();
            }
        }
    }

    @Override
    public String toString() {
        return String.join("\n  ", story);
    }
}
