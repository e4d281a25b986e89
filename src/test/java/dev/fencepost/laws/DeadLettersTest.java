package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.CodecException;
import dev.fencepost.Durability;
import dev.fencepost.FencedException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.SqlPrompt;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.Versioned;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.DeadLetter;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.event.Subscription;
import dev.fencepost.event.SubscriptionOptions;
import dev.fencepost.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Changes whose handler fails: those before are acknowledged, and the change itself is parked after its attempts. */
class DeadLettersTest extends LawTest {
    private static final EventStream<String> STREAM = EventStream.text("log/a");
    private static final Cursor<Event<String>> CURSOR = Cursor.of("c", ChangeSource.stream(STREAM));
    private static final Key<String> SUM = Key.text("sum");
    private static final int POISON = 57;
    private static final SubscriptionOptions THREE =
            SubscriptionOptions.standard().withMaxAttempts(3);

    private static final Codec<String> UNLESS_POISON = new Codec<>() {
        @Override
        public String encode(String value) {
            return value;
        }

        @Override
        public String decode(String text) {
            if (text.equals("" + POISON)) {
                throw new CodecException("poison", null);
            }
            return text;
        }
    };

    /** Appends so many events in commits of the given size; the number is their text. */
    private static void append(Agent agent, int count, int inCommit) {
        for (int i = 1; i <= count; i += inCommit) {
            List<NewEvent<String>> events = new ArrayList<>();
            for (int number = i; number < i + inCommit; number++) {
                events.add(new NewEvent<>("e" + number, "" + number));
            }
            agent.append(STREAM, events).orThrow();
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(number -> "" + number).toList();
    }

    private static List<String> all(int to) {
        List<String> all = new ArrayList<>(numbers(1, to));
        all.remove("" + POISON);
        return all;
    }

    private static void refusePoison(Event<String> event) {
        if (event.body().equals("" + POISON)) {
            throw new IllegalArgumentException("poison");
        }
    }

    @Test
    void poison_withoutLimit_earlierChangesAreHandledOnce() throws Exception {
        for (int inCommit : new int[] {1, 100}) {
            Store store = open(config(inCommit));
            Agent agent = store.agent("reader");
            append(agent, 100, inCommit);
            List<String> seen = new CopyOnWriteArrayList<>();
            AtomicBoolean healed = new AtomicBoolean();
            try (Subscription running = agent.feed().subscribe(CURSOR, event -> {
                seen.add(event.body());
                if (!healed.get()) {
                    refusePoison(event);
                }
            })) {
                Await.so(() -> Collections.frequency(seen, "" + POISON) >= 3);
                assertThat(seen).startsWith(numbers(1, POISON).toArray(String[]::new));
                assertThat(seen).doesNotContain("58");
                assertThat(Collections.frequency(seen, "56")).isEqualTo(1);
                healed.set(true);
                Await.so(() -> seen.contains("100") && running.failure().isEmpty());
            }
            // A second consumer begins here, after the acknowledged changes.
            assertThat(agent.feed().claimBatch(CURSOR, Duration.ZERO)).isEmpty();
            assertThat(Collections.frequency(seen, "58")).isEqualTo(1);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    private StoreConfig config(int name) {
        return StoreConfig.of(folder.resolve(name + ".db")).withDurability(Durability.PROCESS_DEATH);
    }

    @Test
    void poison_withLimit_isParked_othersAreHandled() throws Exception {
        for (int inCommit : new int[] {1, 20}) {
            Store store = open(config(inCommit));
            Agent agent = store.agent("reader");
            append(agent, 200, inCommit);
            List<String> seen = new CopyOnWriteArrayList<>();
            AtomicInteger attempts = new AtomicInteger();
            try (Subscription running = agent.feed()
                    .subscribe(
                            CURSOR,
                            event -> {
                                if (event.body().equals("" + POISON)) {
                                    attempts.incrementAndGet();
                                }
                                refusePoison(event);
                                seen.add(event.body());
                            },
                            THREE)) {
                Await.so(() -> seen.size() >= 199 && running.failure().isEmpty());
                assertThat(running.isRunning()).isTrue();
            }
            assertThat(seen).isEqualTo(all(200));
            assertThat(attempts).hasValue(3);
            isLetter(store, agent);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    private static void isLetter(Store store, Agent agent) {
        Event<String> poison = store.events(STREAM, POISON - 1, 1).get(0);
        assertThat(agent.feed().deadLetters("c", 0, 10)).singleElement().satisfies(letter -> {
            assertThat(letter.name()).isEqualTo(STREAM.name());
            assertThat(letter.number()).isEqualTo(POISON);
            assertThat(letter.event()).contains("e" + POISON);
            assertThat(letter.text()).contains("" + POISON);
            assertThat(letter.sequence()).isEqualTo(poison.sequence());
            assertThat(letter.attempts()).isEqualTo(3);
            assertThat(letter.reason()).contains("poison");
        });
    }

    @Test
    void projection_withPoison_takesEffectOnceForTheOthers() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        append(agent, 200, 20);
        try (Subscription running = agent.feed()
                .project(
                        CURSOR,
                        (tx, event) -> {
                            long before = tx.get(SUM)
                                    .map(Versioned::value)
                                    .map(Long::valueOf)
                                    .orElse(0L);
                            tx.put(SUM, "" + (before + Long.parseLong(event.body())));
                            refusePoison(event);
                        },
                        THREE)) {
            Await.so(() -> agent.feed().cursors().stream().anyMatch(cursor -> cursor.behind() == 0)
                    && !agent.feed().deadLetters("c", 0, 10).isEmpty());
            assertThat(running.isRunning()).isTrue();
        }
        assertThat(store.get(SUM).orElseThrow().value()).isEqualTo("" + (200 * 201 / 2 - POISON));
        isLetter(store, agent);
    }

    @Test
    void undecodableChange_isParked() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        append(agent, 60, 20);
        EventStream<String> stream = new EventStream<>(STREAM.name(), EventCodec.of(UNLESS_POISON));
        Cursor<Event<String>> cursor = Cursor.of("c", ChangeSource.stream(stream));
        try (ClaimedBatch<Event<String>> taken =
                agent.feed().claimBatch(cursor, Duration.ZERO).orElseThrow()) {
            assertThat(taken.changes()).hasSize(POISON - 1);
            taken.acknowledge();
        }
        assertThatThrownBy(() -> agent.feed().claimBatch(cursor, Duration.ZERO)).isInstanceOf(CodecException.class);
        assertThat(store.claims()).isEmpty();
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Subscription running = agent.feed().subscribe(cursor, event -> seen.add(event.body()), THREE)) {
            Await.so(() -> seen.size() == 3);
            assertThat(running.isRunning()).isTrue();
        }
        assertThat(seen).containsExactly("58", "59", "60");
        DeadLetter letter = agent.feed().deadLetters("c", 0, 1).get(0);
        assertThat(letter.reason()).contains("poison");
        assertThatThrownBy(() -> agent.feed().claimDeadLetter(cursor, letter.id(), Duration.ZERO))
                .isInstanceOf(CodecException.class);
        // The codec is fixed now.
        try (ClaimedBatch<Event<String>> taken =
                agent.feed().claimDeadLetter(CURSOR, letter.id(), Duration.ZERO).orElseThrow()) {
            assertThat(taken.changes()).extracting(Event::body).containsExactly("" + POISON);
        }
        assertThat(store.claims()).isEmpty();
    }

    private long parked(Agent agent) throws InterruptedException {
        append(agent, 60, 20);
        try (Subscription running = agent.feed().subscribe(CURSOR, DeadLettersTest::refusePoison, THREE)) {
            Await.so(() -> agent.feed().cursors().stream().anyMatch(cursor -> cursor.behind() == 0)
                    && running.failure().isEmpty());
        }
        return agent.feed().deadLetters("c", 0, 10).get(0).id();
    }

    @Test
    void deadLetter_isTakenAgain_andRemovedWithItsEffect() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        long id = parked(agent);
        ClaimedBatch<Event<String>> lost =
                agent.feed().claimDeadLetter(CURSOR, id, Duration.ZERO).orElseThrow();
        assertThat(lost.changes()).extracting(Event::number).containsExactly((long) POISON);
        assertThat(agent.feed().claimDeadLetter(CURSOR, id, Duration.ZERO)).isEmpty();
        agent.revoke(Key.text("fencepost:cursor:c"));
        assertThatThrownBy(lost::acknowledge).isInstanceOf(FencedException.class);
        try (ClaimedBatch<Event<String>> failed =
                agent.feed().claimDeadLetter(CURSOR, id, Duration.ZERO).orElseThrow()) {
            assertThatThrownBy(() -> failed.project(tx -> {
                        tx.put(SUM, "never");
                        throw new InvalidInputException("no");
                    }))
                    .hasMessage("no");
        }
        assertThat(agent.feed().deadLetters("c", 0, 10)).hasSize(1);
        assertThat(store.get(SUM)).isEmpty();
        agent.feed().claimDeadLetter(CURSOR, id, Duration.ZERO).orElseThrow().project(tx -> tx.put(SUM, "done"));
        assertThat(agent.feed().deadLetters("c", 0, 10)).isEmpty();
        assertThat(store.get(SUM).orElseThrow().value()).isEqualTo("done");
        assertThatThrownBy(() -> agent.feed().claimDeadLetter(CURSOR, id, Duration.ZERO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no dead letter " + id);
        agent.feed().drop("c");
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void cursorWithDeadLetters_isNotDropped_untilTheyAreDiscarded() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        long id = parked(agent);
        assertThatThrownBy(() -> agent.feed().drop("c"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("1 dead letters");
        for (String edit : List.of(
                "DELETE FROM cursors",
                "UPDATE dead_letters SET reason = ''",
                "INSERT INTO dead_letters SELECT cursor_id, 1, name, number, sequence, writer, written_at, event_id, schema_version, body,"
                        + " attempts, reason, parked_at FROM dead_letters",
                "INSERT INTO cursor_progress SELECT id, 1, 1 FROM cursors")) {
            assertThatThrownBy(() -> SqlPrompt.run(store.file(), edit)).as(edit).hasMessageContaining("fencepost:");
        }
        assertThatThrownBy(() -> agent.feed().discardDeadLetter("c", id + 1)).hasMessageContaining("no dead letter");
        agent.feed().discardDeadLetter("c", id);
        agent.feed().drop("c");
        assertThat(agent.feed().cursors()).isEmpty();
    }

    @Test
    void deadLetters_full_changeIsTriedUntilThereIsRoom() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        append(agent, 3, 1);
        SubscriptionOptions one =
                SubscriptionOptions.standard().withMaxAttempts(1).withMaxDeadLetters(1);
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Subscription running = agent.feed()
                .subscribe(
                        CURSOR,
                        event -> {
                            seen.add(event.body());
                            throw new IllegalStateException("all fail");
                        },
                        one)) {
            Await.so(() -> Collections.frequency(seen, "2") >= 3);
            assertThat(seen).doesNotContain("3");
            agent.feed()
                    .discardDeadLetter(
                            "c", agent.feed().deadLetters("c", 0, 10).get(0).id());
            Await.so(() -> seen.contains("3"));
            assertThat(running.isRunning()).isTrue();
        }
        assertThat(agent.feed().deadLetters("c", 0, 10))
                .extracting(DeadLetter::number)
                .containsExactly(2L);
    }

    @Test
    void attempts_countOnInAnotherConsumer() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        append(agent, 1, 1);
        AtomicInteger attempts = new AtomicInteger();
        SubscriptionOptions many = SubscriptionOptions.standard().withMaxAttempts(4);
        while (agent.feed().cursors().isEmpty()
                || agent.feed().deadLetters("c", 0, 1).isEmpty()) {
            int before = attempts.get();
            try (Subscription running = agent.feed()
                    .subscribe(
                            CURSOR,
                            event -> {
                                attempts.incrementAndGet();
                                throw new IllegalStateException("fails");
                            },
                            many)) {
                Await.so(() -> attempts.get() > before && running.failure().isPresent());
            }
        }
        assertThat(attempts).hasValue(4);
    }

    @Test
    void movedCursor_forgetsProgressWithinTheCommit() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        append(agent, 100, 100);
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Subscription running = agent.feed().subscribe(CURSOR, event -> {
            seen.add(event.body());
            refusePoison(event);
        })) {
            Await.so(() -> running.failure().isPresent());
        }
        assertThat(seen).startsWith("1");
        agent.feed().move("c", 0);
        try (ClaimedBatch<Event<String>> taken =
                agent.feed().claimBatch(CURSOR, Duration.ZERO).orElseThrow()) {
            assertThat(taken.changes()).hasSize(100);
        }
    }

    @Test
    void storeFailure_countsAsNoAttempt() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        append(agent, 2, 1);
        AtomicInteger calls = new AtomicInteger();
        try (Subscription running = agent.feed()
                .subscribe(
                        CURSOR,
                        event -> {
                            if (calls.incrementAndGet() < 4) {
                                throw new WriteLockTimeoutException("busy", null);
                            }
                        },
                        SubscriptionOptions.standard().withMaxAttempts(1))) {
            Await.so(() -> calls.get() >= 5 && running.failure().isEmpty());
        }
        assertThat(agent.feed().deadLetters("c", 0, 10)).isEmpty();
        assertThat(store.check().findings()).isEmpty();
        assertThat(Optional.of(calls.get())).contains(5);
    }

    @Test
    void options_outOfBounds_areRefused() {
        SubscriptionOptions standard = SubscriptionOptions.standard();
        for (int number : new int[] {0, -1, 10_001}) {
            assertThatThrownBy(() -> standard.withMaxAttempts(number)).hasMessageContaining("from 1 to 10000");
            assertThatThrownBy(() -> standard.withMaxDeadLetters(number)).hasMessageContaining("from 1 to 10000");
        }
    }
}
