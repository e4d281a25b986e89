package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Codec;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.Batch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.CursorOvertakenException;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.event.Subscription;
import dev.fencepost.history.PruneReport;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Retention of many names, and by several agents at once. */
class RetentionTest extends LawTest {
    private static final ChangeSource<Change<String>> ALL = ChangeSource.values(Prefix.text(""));

    /** Writes a version of each of so many keys, and an event in each of so many streams. */
    private static void some(Agent agent, int names, String text) {
        WriteBatch writes = WriteBatch.of();
        for (int i = 0; i < names; i++) {
            String name = "%s/%04d".formatted(i % 3 == 0 ? "kept" : "gone", i);
            writes.put(Key.text(name), text);
            writes.append(EventStream.text(name), NewEvent.of(text));
        }
        agent.commit(writes).orThrow();
    }

    @Test
    void namesOfSeveralPages_arePruned_byTheLongestRule() {
        Store store = open();
        Agent agent = store.agent("writer");
        some(agent, 1_600, "1");
        some(agent, 1_600, "2");
        agent.retention().setRule("", RetentionPolicy.latest(1));
        agent.retention().setRule("kept/", RetentionPolicy.latest(2));
        PruneReport trimmed = agent.retention().apply();
        long gone = IntStream.range(0, 1_600).filter(i -> i % 3 > 0).count();
        assertThat(trimmed.versions()).isEqualTo(gone);
        assertThat(trimmed.events()).isEqualTo(gone);
        assertThat(agent.retention().apply()).isEqualTo(new PruneReport(0, 0, 0));
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void concurrentRuns_pruneEverything() {
        Store one = open();
        Store other = open();
        Agent agent = one.agent("writer");
        agent.retention().setRule("gone/", RetentionPolicy.latest(1));
        for (int round = 0; round < 12; round++) {
            some(agent, 60, "1");
            some(agent, 60, "2");
            List<CompletableFuture<PruneReport>> runs = new ArrayList<>();
            for (Store store : List.of(one, other, one)) {
                runs.add(CompletableFuture.supplyAsync(
                        () -> store.agent("tidier").retention().apply()));
            }
            runs.forEach(CompletableFuture::join);
            assertThat(one.agent("tidier").retention().apply()).isEqualTo(new PruneReport(0, 0, 0));
        }
        assertThat(one.check().findings()).isEmpty();
    }

    @Test
    void commitOfManyEvents_isReadWhole() {
        Store store = open();
        Agent agent = store.agent("writer");
        EventStream<String> stream = EventStream.text("log");
        agent.append(stream, NewEvent.of("first"));
        agent.append(
                stream,
                IntStream.range(0, 11_000)
                        .mapToObj(i -> new NewEvent<>("e" + i, "x"))
                        .toList());
        agent.append(stream, NewEvent.of("last"));
        ChangeSource<Event<String>> source = ChangeSource.events("", EventCodec.of(Codec.text()));
        List<Integer> sizes = new ArrayList<>();
        Batch<Event<String>> batch = agent.feed().read(source, 0, 10);
        while (!batch.isEmpty()) {
            sizes.add(batch.changes().size());
            batch = agent.feed().read(source, batch.through(), 10);
        }
        assertThat(sizes).containsExactly(1, 11_000, 1);
        assertThat(agent.feed().read(source, 1, 10_000).changes()).hasSize(11_000);
    }

    @Test
    void lag_isCountedUpToABound() {
        Store store = open();
        Agent agent = store.agent("writer");
        agent.put(Key.text("a"), "x").orThrow();
        agent.feed()
                .claimBatch(Cursor.of("c", ALL), Duration.ZERO)
                .orElseThrow()
                .acknowledge();
        for (int i = 0; i < 11; i++) {
            some(agent, 1_000, "x");
        }
        assertThat(agent.feed().cursors().get(0).behind()).isEqualTo(10_000);
    }

    @Test
    void overtakenSubscription_ends_withReason() throws Exception {
        Store store = open();
        Agent agent = store.agent("writer");
        some(agent, 2, "1");
        some(agent, 2, "2");
        agent.retention().setRule("", RetentionPolicy.latest(1));
        agent.retention().apply();
        try (Subscription running = agent.feed().subscribe(Cursor.of("c", ALL), change -> {})) {
            Await.so(() -> !running.isRunning());
            assertThat(running.failure().orElseThrow()).isInstanceOf(CursorOvertakenException.class);
        }
        assertThat(store.claims()).isEmpty();
    }

    @Test
    void backgroundRetention_runsUntilClosed() throws Exception {
        Store store = open();
        Agent agent = store.agent("writer");
        agent.retention().setRule("", RetentionPolicy.latest(1));
        assertThatThrownBy(() -> agent.retention().applyEvery(Duration.ZERO)).isInstanceOf(InvalidInputException.class);
        Key<String> key = Key.text("a");
        try (AutoCloseable running = agent.retention().applyEvery(Duration.ofMillis(5))) {
            for (int i = 0; i < 3; i++) {
                agent.put(key, "1").orThrow();
                agent.put(key, "2").orThrow();
                Await.so(() -> store.history().of(key).size() == 1);
            }
            assertThat(running).isNotNull();
        }
    }

    @Test
    void parametersOutOfBounds_areRefused() {
        Store store = open();
        Agent agent = store.agent("reader");
        assertThatThrownBy(() -> agent.feed().read(ALL, -1, 1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> agent.feed().read(ALL, 0, 0)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> agent.feed().read(ALL, 0, 10_001)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> agent.feed().await(ALL, 0, 1, Duration.ofMillis(-1)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> agent.feed().await(ALL, 0, 1, Duration.ofDays(400)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> store.snapshotAt(-1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> store.snapshotAt(1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> store.history().of(Key.text("a"), 0)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> store.history().version(Key.text("a"), 0)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> store.history().refusals(0)).isInstanceOf(InvalidInputException.class);
    }
}
