package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.AppendResult;
import dev.fencepost.Appended;
import dev.fencepost.Change;
import dev.fencepost.ClaimBusyException;
import dev.fencepost.Codec;
import dev.fencepost.FencedException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StreamConflict;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.Batch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.CursorInfo;
import dev.fencepost.event.CursorOvertakenException;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.FoldState;
import dev.fencepost.event.NewEvent;
import dev.fencepost.event.Subscription;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Events and changes: in order, none left out, and none twice where that is promised. */
class ChangeFeedTest extends LawTest {
    private static final EventStream<String> STREAM = EventStream.text("log/a");
    private static final Prefix<String> PREFIX = Prefix.text("plans/");
    private static final ChangeSource<Change<String>> PLANS = ChangeSource.values(PREFIX);

    private static List<Integer> values(List<Change<String>> changes) {
        return changes.stream()
                .map(change -> Integer.valueOf(change.value().orElseThrow()))
                .toList();
    }

    private static void putSome(Agent agent, int from, int to) {
        for (int i = from; i <= to; i++) {
            agent.put(PREFIX.key("k" + i % 7), "" + i).orThrow();
            agent.put(Key.text("other/" + i), "x").orThrow();
        }
    }

    @Test
    void repeatedEvent_isStoredOnce() {
        Store store = open();
        Agent agent = store.agent("writer");
        Event<String> first = agent.append(STREAM, new NewEvent<>("e1", "one"));
        Event<String> again = agent.append(STREAM, new NewEvent<>("e1", "one"));
        assertThat(again).isEqualTo(first);
        AppendResult<String> both = agent.tryAppend(
                STREAM, List.of(new NewEvent<>("e1", "one"), new NewEvent<>("e2", "two"), new NewEvent<>("e2", "two")));
        assertThat(((Appended<String>) both).duplicates()).isEqualTo(2);
        assertThat(store.events(STREAM)).extracting(Event::body).containsExactly("one", "two");
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void appendAfter_hasOneWinner_andCanBeRepeated() {
        Store store = open();
        Agent agent = store.agent("writer");
        agent.appendAfter(STREAM, 0, List.of(new NewEvent<>("e1", "one"))).orThrow();
        AppendResult<String> lost = agent.tryAppendAfter(STREAM, 0, List.of(new NewEvent<>("e2", "two")));
        assertThat(lost).isEqualTo(new StreamConflict<>(STREAM, 0, 1));
        // A caller in doubt finds out that its append took place.
        Appended<String> again = agent.appendAfter(STREAM, 0, List.of(new NewEvent<>("e1", "one")))
                .orThrow();
        assertThat(again.duplicates()).isEqualTo(1);
    }

    @Test
    void eventsAndValues_areOneCommit() {
        Store store = open();
        Agent agent = store.agent("writer");
        Key<String> key = Key.text("order");
        agent.commit(WriteBatch.of().put(key, "paid").append(STREAM, new NewEvent<>("paid", "order")))
                .orThrow();
        assertThat(store.events(STREAM).get(0).sequence())
                .isEqualTo(store.get(key).orElseThrow().sequence());
        assertThatThrownBy(() -> agent.transact(tx -> {
                    tx.append(STREAM, NewEvent.of("never"));
                    throw new InvalidInputException("no");
                }))
                .isInstanceOf(InvalidInputException.class);
        agent.transact(tx -> {
            tx.put(key, "sent");
            tx.append(STREAM, new NewEvent<>("sent", "order"));
            return null;
        });
        assertThat(store.events(STREAM)).extracting(Event::id).containsExactly("paid", "sent");
        assertThat(agent.tryCommit(
                                WriteBatch.of().put(key, "lost").appendAfter(STREAM, 1, List.of(NewEvent.of("lost"))))
                        .toString())
                .contains("Refused");
        assertThat(store.get(key).orElseThrow().value()).isEqualTo("sent");
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void olderShapes_areUpgraded() {
        Store store = open();
        Agent agent = store.agent("writer");
        agent.append(STREAM, new NewEvent<>("e1", "one"));
        EventStream<String> later =
                new EventStream<>(STREAM.name(), EventCodec.of(Codec.text()).withUpgrade(1, text -> text + "!"));
        agent.append(later, new NewEvent<>("e2", "two"));
        assertThat(store.events(later)).extracting(Event::body).containsExactly("one!", "two");
        assertThatThrownBy(() -> store.events(STREAM)).hasMessageContaining("schema version 2");
    }

    @Test
    void fold_continuesFromSavedState() {
        Store store = open();
        Agent agent = store.agent("writer");
        for (int i = 1; i <= 2_500; i++) {
            agent.append(STREAM, new NewEvent<>("e" + i, "" + i));
        }
        List<Long> seen = new ArrayList<>();
        Fold<String, String> sum = new Fold<>(
                "sum",
                1,
                "0",
                (state, event) -> {
                    seen.add(event.number());
                    return "" + (Long.parseLong(state) + Long.parseLong(event.body()));
                },
                Codec.text());
        assertThat(agent.fold(STREAM, sum)).isEqualTo(new FoldState<>("3126250", 2_500));
        assertThat(seen).hasSize(2_500);
        seen.clear();
        agent.append(STREAM, new NewEvent<>("e2501", "1"));
        assertThat(store.fold(STREAM, sum)).isEqualTo(new FoldState<>("3126251", 2_501));
        assertThat(seen).containsExactly(2_501L);
        agent.retention().setRule("log/", RetentionPolicy.latest(1));
        assertThat(agent.retention().apply().events()).isEqualTo(2_500);
        assertThat(store.fold(STREAM, sum).state()).isEqualTo("3126251");
        Fold<String, String> other = new Fold<>("sum", 2, "0", sum.step(), Codec.text());
        assertThatThrownBy(() -> store.fold(STREAM, other)).hasMessageContaining("event 2501");
    }

    @Test
    void read_returnsWholeCommits_inOrder() {
        Store store = open();
        Agent agent = store.agent("writer");
        putSome(agent, 1, 50);
        WriteBatch many = WriteBatch.of();
        for (int i = 0; i < 30; i++) {
            many.put(PREFIX.key("m" + i), "" + (51 + i));
        }
        agent.commit(many).orThrow();
        putSome(agent, 81, 90);
        List<Integer> found = new ArrayList<>();
        long position = 0;
        for (Batch<Change<String>> batch = agent.feed().read(PLANS, position, 7);
                !batch.isEmpty();
                batch = agent.feed().read(PLANS, position, 7)) {
            assertThat(batch.after()).isEqualTo(position);
            assertThat(batch.through()).isGreaterThan(position);
            found.addAll(values(batch.changes()));
            position = batch.through();
        }
        assertThat(found).isEqualTo(IntStream.rangeClosed(1, 90).boxed().toList());
        assertThat(position).isEqualTo(agent.feed().read(PLANS, 0, 10_000).through());
    }

    @Test
    void subscription_deliversAllChanges_andResumesAtItsCursor() throws Exception {
        Store store = open();
        Agent agent = store.agent("writer");
        Cursor<Change<String>> cursor = Cursor.of("indexer", PLANS).withBatch(3);
        List<Change<String>> seen = new CopyOnWriteArrayList<>();
        putSome(agent, 1, 20);
        try (Subscription running = store.agent("reader").feed().subscribe(cursor, seen::add)) {
            putSome(agent, 21, 40);
            Await.so(() -> seen.size() == 40);
            assertThat(running.isRunning()).isTrue();
        }
        putSome(agent, 41, 60);
        try (Subscription again = store.agent("reader").feed().subscribe(cursor, seen::add)) {
            Await.so(() -> seen.size() >= 60);
            assertThat(again.failure()).isEmpty();
        }
        assertThat(values(seen)).isEqualTo(IntStream.rangeClosed(1, 60).boxed().toList());
        CursorInfo view = agent.feed().cursors().get(0);
        assertThat(view.behind()).isZero();
        assertThat(view.consumer()).isEmpty();
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void failingProjection_takesEffectExactlyOnce() throws Exception {
        Store store = open();
        Agent agent = store.agent("writer");
        Key<String> sum = Key.text("sum");
        Cursor<Change<String>> cursor = Cursor.of("summer", PLANS).withBatch(4);
        putSome(agent, 1, 100);
        int[] calls = {0};
        try (Subscription running = agent.feed().project(cursor, (tx, change) -> {
            if (++calls[0] % 37 == 0) {
                throw new InvalidInputException("now and then");
            }
            long before = tx.get(sum).map(Versioned::value).map(Long::valueOf).orElse(0L);
            tx.put(sum, "" + (before + Long.parseLong(change.value().orElseThrow())));
        })) {
            Await.so(() -> store.get(sum).map(Versioned::value).equals(Optional.of("5050")));
            assertThat(running.cursor()).isEqualTo("summer");
        }
        assertThat(store.get(sum).orElseThrow().value()).isEqualTo("5050");
    }

    @Test
    void acknowledgement_ofZombie_isRefused() {
        Store store = open();
        Agent agent = store.agent("writer");
        putSome(agent, 1, 3);
        Cursor<Change<String>> cursor = Cursor.of("indexer", PLANS);
        ClaimedBatch<Change<String>> taken =
                agent.feed().claimBatch(cursor, Duration.ZERO).orElseThrow();
        assertThat(taken.changes()).hasSize(3);
        assertThat(agent.feed().claimBatch(cursor, Duration.ZERO)).isEmpty();
        agent.revoke(Key.text("fencepost:cursor:indexer"));
        ClaimedBatch<Change<String>> second =
                store.agent("other").feed().claimBatch(cursor, Duration.ZERO).orElseThrow();
        assertThatThrownBy(taken::acknowledge).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> taken.project(tx -> tx.put(Key.text("late"), "x")))
                .isInstanceOf(FencedException.class);
        second.acknowledge();
        assertThat(store.get(Key.text("late"))).isEmpty();
        assertThat(agent.feed().claimBatch(cursor, Duration.ZERO)).isEmpty();
        agent.feed().move("indexer", 0);
        try (ClaimedBatch<Change<String>> third =
                agent.feed().claimBatch(cursor, Duration.ZERO).orElseThrow()) {
            assertThat(third.changes()).hasSize(3);
            assertThatThrownBy(() -> agent.feed().drop("indexer")).isInstanceOf(ClaimBusyException.class);
        }
        agent.feed().drop("indexer");
        assertThat(agent.feed().cursors()).isEmpty();
    }

    @Test
    void cursorOvertakenByPruning_throwsCursorOvertaken() {
        Store store = open();
        Agent agent = store.agent("writer");
        putSome(agent, 1, 5);
        Cursor<Change<String>> cursor = Cursor.of("slow", PLANS);
        agent.feed().claimBatch(cursor, Duration.ZERO).orElseThrow().acknowledge();
        putSome(agent, 6, 40);
        agent.retention().setRule("plans/", RetentionPolicy.latest(1));
        agent.retention().apply();
        assertThatThrownBy(() -> agent.feed().claimBatch(cursor, Duration.ZERO))
                .isInstanceOf(CursorOvertakenException.class)
                .hasMessageContaining("slow");
        assertThat(agent.feed().cursors().get(0).overtaken()).isTrue();
        assertThatThrownBy(() -> agent.feed().read(PLANS, 0, 10)).isInstanceOf(CursorOvertakenException.class);
        // Other sources are not affected.
        assertThat(agent.feed()
                        .read(ChangeSource.values(Prefix.text("other/")), 0, 100)
                        .changes())
                .hasSize(40);
        try (ClaimedBatch<Change<String>> newest =
                agent.feed().claimBatch(cursor.asCompacted(), Duration.ZERO).orElseThrow()) {
            assertThat(values(newest.changes())).isEqualTo(List.of(34, 35, 36, 37, 38, 39, 40));
        }
    }

    @Test
    void cursor_keepsItsSource() {
        Store store = open();
        Agent agent = store.agent("writer");
        putSome(agent, 1, 1);
        agent.feed()
                .claimBatch(Cursor.of("c", PLANS), Duration.ZERO)
                .orElseThrow()
                .acknowledge();
        assertThatThrownBy(() -> agent.feed().claimBatch(Cursor.of("c", ChangeSource.stream(STREAM)), Duration.ZERO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("plans/");
    }
}
