package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.Codec;
import dev.fencepost.CommitRefusedException;
import dev.fencepost.CommitResult;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.PruneReport;
import dev.fencepost.history.PrunedException;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.history.VersionLookup;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.testing.SettableClock;
import dev.fencepost.testing.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Immutable history: a past state always reads the same, or as pruned. */
class HistoryDoesNotChangeTest extends LawTest {
    private static final Key<String> KEY = Key.text("notes/a");
    private static final EventStream<String> STREAM = EventStream.text("notes/log");

    private final SettableClock clock = new SettableClock();

    private static long put(Agent agent, Key<String> key, String value) {
        return agent.put(key, value).orThrow().sequence();
    }

    private static Optional<String> value(Snapshot snapshot, Key<String> key) {
        return snapshot.get(key).map(Versioned::value);
    }

    @Test
    void snapshot_isConsistent_acrossValuesEventsAndClaims() {
        Store store = open();
        Agent planner = store.agent("planner");
        put(planner, KEY, "1");
        planner.append(STREAM, new NewEvent<>("e1", "one"));
        Claim claim = planner.claim(KEY, Lease.of(Duration.ofMinutes(1))).orThrow();
        try (Snapshot then = store.snapshot()) {
            claim.put(KEY, "2");
            claim.release();
            put(planner, Key.text("notes/b"), "new");
            planner.delete(KEY).orThrow();
            planner.append(STREAM, new NewEvent<>("e2", "two"));
            assertThat(value(then, KEY)).contains("1");
            assertThat(then.list(Prefix.text("notes/")))
                    .extracting(Versioned::value)
                    .containsExactly("1");
            assertThat(then.events(STREAM)).extracting(event -> event.body()).containsExactly("one");
            assertThat(then.claims()).extracting(held -> held.key()).containsExactly("notes/a");
            assertThat(then.claims().get(0).holder().agent()).isEqualTo("planner");
        }
        assertThat(store.get(KEY)).isEmpty();
        assertThat(store.claims()).isEmpty();
        assertThat(store.events(STREAM)).extracting(event -> event.body()).containsExactly("one", "two");
    }

    @Test
    void snapshotAt_everySequence_readsThePastState() {
        Store store = open();
        Agent planner = store.agent("planner");
        for (int i = 1; i <= 100; i++) {
            assertThat(put(planner, KEY, "v" + i)).isEqualTo(i);
        }
        for (int i = 1; i <= 100; i++) {
            try (Snapshot then = store.snapshotAt(i)) {
                assertThat(value(then, KEY)).contains("v" + i);
            }
        }
        try (Snapshot before = store.snapshotAt(0)) {
            assertThat(before.get(KEY)).isEmpty();
        }
        assertThatThrownBy(() -> store.snapshotAt(101))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("101")
                .hasMessageContaining("100");
    }

    @Test
    void snapshotAt_anInstant_isTheLastCommitBefore() {
        Store store = open(config().withClock(clock));
        Agent planner = store.agent("planner");
        Instant begin = clock.instant();
        for (int i = 0; i < 20; i++) {
            put(planner, KEY, "v" + i);
            clock.advance(Duration.ofMinutes(1));
        }
        for (int i = 0; i < 20; i++) {
            try (Snapshot then = store.snapshotAt(begin.plus(Duration.ofSeconds(60L * i + 30)))) {
                assertThat(value(then, KEY)).contains("v" + i);
            }
        }
        try (Snapshot early = store.snapshotAt(begin.minusMillis(1))) {
            assertThat(early.sequence()).isZero();
        }
    }

    @Test
    void version_hasFiveAnswers() {
        Store store = open();
        Agent planner = store.agent("planner");
        for (int i = 1; i <= 5; i++) {
            put(planner, KEY, "v" + i);
        }
        planner.retention().setRule("notes/", RetentionPolicy.latest(2));
        PruneReport trimmed = planner.retention().apply();
        assertThat(trimmed.versions()).isEqualTo(3);
        assertThat(store.history().version(KEY, 5)).isInstanceOf(VersionLookup.Latest.class);
        assertThat(store.history().version(KEY, 4)).isInstanceOf(VersionLookup.Retained.class);
        assertThat(store.history().version(KEY, 3)).isEqualTo(new VersionLookup.Pruned<>(KEY, 3, 4));
        assertThat(store.history().version(KEY, 6)).isEqualTo(new VersionLookup.NotYetWritten<>(KEY, 6, 5));
        Key<String> other = Key.text("other");
        assertThat(store.history().version(other, 1)).isEqualTo(new VersionLookup.NeverExisted<>(other));
        assertThatThrownBy(() -> store.history().version(KEY, 3).orThrow())
                .isInstanceOf(PrunedException.class)
                .hasMessageContaining("version 4");
        assertThatThrownBy(() -> store.history().fold(KEY, 0, (sum, change) -> sum + 1))
                .isInstanceOf(PrunedException.class);
        assertThat(store.history().version(KEY, 4).orThrow().value())
                .isNotEqualTo(store.history().version(KEY, 5).orThrow().value());
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void prunedKey_isNeverReportedAbsent() {
        Store store = open();
        Agent planner = store.agent("planner");
        Key<String> late = Key.text("notes/late");
        for (int i = 1; i <= 5; i++) {
            put(planner, KEY, "v" + i);
        }
        long sequence = put(planner, late, "x");
        put(planner, late, "y");
        planner.retention().setRule("", RetentionPolicy.latest(1));
        assertThat(planner.retention().apply().versions()).isEqualTo(5);
        try (Snapshot then = store.snapshotAt(3)) {
            assertThatThrownBy(() -> then.get(KEY))
                    .isInstanceOf(PrunedException.class)
                    .hasMessageContaining("5");
            assertThatThrownBy(() -> then.list(Prefix.text("notes/"))).isInstanceOf(PrunedException.class);
            // The key did not exist yet, which stays known after pruning.
            assertThat(then.get(late)).isEmpty();
        }
        try (Snapshot then = store.snapshotAt(sequence)) {
            assertThat(value(then, KEY)).contains("v5");
            assertThatThrownBy(() -> then.get(late)).isInstanceOf(PrunedException.class);
        }
    }

    @Test
    void openSnapshot_preventsPruning() {
        Store store = open();
        Agent planner = store.agent("planner");
        for (int i = 1; i <= 3; i++) {
            put(planner, KEY, "v" + i);
            planner.append(STREAM, new NewEvent<>("e" + i, "e" + i));
        }
        planner.retention().setRule("", RetentionPolicy.latest(1));
        try (Snapshot then = store.snapshot()) {
            for (int i = 4; i <= 600; i++) {
                put(planner, KEY, "v" + i);
            }
            planner.append(STREAM, new NewEvent<>("e4", "e4"));
            assertThat(planner.retention().apply()).isEqualTo(new PruneReport(2, 0, 0));
            assertThat(value(then, KEY)).contains("v3");
            assertThat(then.events(STREAM)).hasSize(3);
        }
        PruneReport after = planner.retention().apply();
        assertThat(after.versions()).isEqualTo(597);
        assertThat(after.events()).isEqualTo(3);
        assertThat(store.get(KEY).orElseThrow().version()).isEqualTo(600);
        assertThat(store.events(STREAM, 3, 10))
                .extracting(event -> event.number())
                .containsExactly(4L);
        assertThatThrownBy(() -> store.events(STREAM)).isInstanceOf(PrunedException.class);
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void prunedVersions_freeTheirSpace() throws IOException {
        Path file = config().file();
        try (Store store = Store.open(config())) {
            Agent planner = store.agent("planner");
            String large = "x".repeat(20_000);
            for (int i = 0; i < 400; i++) {
                put(planner, Key.text("large/" + i % 4), large + i);
            }
            planner.retention().setRule("large/", RetentionPolicy.latest(1));
            PruneReport trimmed = planner.retention().apply();
            assertThat(trimmed.versions()).isEqualTo(396);
            assertThat(trimmed.pages()).isGreaterThan(1_000);
            assertThat(planner.retention().apply()).isEqualTo(new PruneReport(0, 0, 0));
            assertThat(store.check().findings()).isEmpty();
        }
        // Of eight million bytes.
        assertThat(Files.size(file)).isLessThan(2_500_000);
    }

    @Test
    void retentionByAge_keepsVersionsCurrentWithinAge() {
        Store store = open(config().withClock(clock).withElapsedTime(clock::nanos));
        Agent planner = store.agent("planner");
        for (int i = 1; i <= 10; i++) {
            put(planner, KEY, "v" + i);
            planner.append(STREAM, new NewEvent<>("e" + i, "e" + i));
            clock.pass(Duration.ofHours(1));
        }
        planner.retention().setRule("", RetentionPolicy.within(Duration.ofMinutes(150)));
        // Now it is ten o'clock: v8 was current from seven to eight, and so at half past seven.
        planner.retention().apply();
        assertThat(store.history().of(KEY))
                .extracting(change -> change.stamp().version())
                .containsExactly(10L, 9L, 8L);
        assertThat(store.events(STREAM, 8, 10)).hasSize(2);
        assertThatThrownBy(() -> store.events(STREAM, 7, 10)).isInstanceOf(PrunedException.class);
        planner.retention().setRule("", RetentionPolicy.latestOrWithin(2, Duration.ofMinutes(30)));
        planner.retention().apply();
        assertThat(store.history().of(KEY)).hasSize(2);
        planner.retention().setRule("notes/a", RetentionPolicy.latest(1));
        planner.retention().apply();
        assertThat(store.history().of(KEY)).hasSize(1);
        assertThat(store.events(STREAM, 8, 10)).hasSize(2);
    }

    @Test
    void commitBasedOnSnapshot_afterAChange_isRefused() {
        Store store = open();
        Agent planner = store.agent("planner");
        Key<String> other = Key.text("other");
        put(planner, KEY, "1");
        try (Snapshot then = store.snapshot()) {
            then.get(KEY);
            then.list(Prefix.text("prefix/"));
            assertThat(planner.tryCommit(WriteBatch.of().put(other, "fits").basedOn(then)))
                    .isInstanceOf(CommitResult.Applied.class);
            // The agent has written this key since the snapshot: the snapshot has not read it, but the commit writes
            // it.
            assertThatThrownBy(() -> planner.commit(
                                    WriteBatch.of().put(other, "again").basedOn(then))
                            .orThrow())
                    .isInstanceOf(CommitRefusedException.class);
            assertThat(planner.tryPut(Key.text("prefix/phantom"), "x", Precondition.none())
                            .isCommitted())
                    .isTrue();
            assertThat(planner.tryCommit(
                            WriteBatch.of().put(Key.text("third"), "x").basedOn(then)))
                    .isInstanceOf(CommitResult.Refused.class);
        }
    }

    @Test
    void transaction_snapshotPruned_runsAgain() {
        Store store = open();
        Agent planner = store.agent("planner");
        put(planner, KEY, "1");
        planner.retention().setRule("", RetentionPolicy.latest(1));
        List<String> seen = new ArrayList<>();
        planner.transact(tx -> {
            tx.list(Prefix.text("nothing/"));
            if (seen.isEmpty()) {
                // Between the snapshot of the transaction and the read.
                put(store.agent("other"), KEY, "2");
                assertThat(store.agent("other").retention().apply().versions()).isEqualTo(1);
            }
            seen.add("run");
            seen.add(tx.get(KEY).orElseThrow().value());
            return null;
        });
        assertThat(seen).containsExactly("run", "run", "2");
    }

    @Test
    void snapshotOfSagas_readsTheirPastState() {
        Store store = open();
        Agent planner = store.agent("planner");
        StoreStep<String, String> first = StoreStep.of("first", (tx, step) -> "done");
        StoreStep<String, String> second = StoreStep.of("second", (tx, step) -> "done");
        planner.sagas()
                .run(SagaDefinition.of("two", 1, Codec.text()).step(first).step(second), "s", "input");
        List<JournalEntry> journal = planner.sagas().find("s").orElseThrow().journal();
        for (JournalEntry entry : journal) {
            try (Snapshot then = store.snapshotAt(entry.sequence())) {
                SagaInfo view = then.saga("s").orElseThrow();
                long until = entry.sequence();
                assertThat(view.journal())
                        .isEqualTo(journal.stream()
                                .filter(one -> one.sequence() <= until)
                                .toList());
                boolean over = view.journal().size() == journal.size();
                assertThat(view.state()).isEqualTo(over ? SagaState.COMPLETED : SagaState.RUNNING);
                assertThat(then.sagas()).singleElement().satisfies(listed -> {
                    assertThat(listed)
                            .usingRecursiveComparison()
                            .ignoringFields("input", "journal")
                            .isEqualTo(view);
                    assertThat(listed.input()).isEmpty();
                    assertThat(listed.journal()).isEmpty();
                });
                assertThat(then.saga("s", 1, 1).orElseThrow().journal())
                        .isEqualTo(journal.stream()
                                .filter(one -> one.sequence() <= until && one.number() == 2)
                                .toList());
            }
        }
        try (Snapshot before = store.snapshotAt(journal.get(0).sequence() - 1)) {
            assertThat(before.sagas()).isEmpty();
            assertThat(before.saga("s")).isEmpty();
        }
    }

    @Test
    void deadProcess_keepsNothingFromPruning() {
        Store store = open();
        Agent planner = store.agent("planner");
        put(planner, KEY, "1");
        WorkerProcess worker = worker();
        assertThat(worker.ask("snapshot")).isEqualTo("snapshot at 1");
        put(planner, KEY, "2");
        planner.retention().setRule("", RetentionPolicy.latest(1));
        assertThat(planner.retention().apply().versions()).isZero();
        worker.kill();
        assertThat(planner.retention().apply().versions()).isEqualTo(1);
    }

    @Test
    void stalledProcess_losesItsPin_andReadsPruned() {
        Store store = open(config().withClock(clock).withElapsedTime(clock::nanos));
        Agent planner = store.agent("planner");
        put(planner, KEY, "1");
        // A store that sends no heartbeat for an hour: its clock is this one.
        Store stalled =
                open(config().withClock(clock).withElapsedTime(clock::nanos).withHeartbeat(Duration.ofHours(1)));
        Snapshot then = stalled.snapshot();
        put(planner, KEY, "2");
        planner.retention().setRule("", RetentionPolicy.latest(1));
        assertThat(planner.retention().apply().versions()).isZero();
        clock.pass(Snapshot.LEASE.plusMillis(1));
        // As with any lease, three heartbeats may be missed.
        assertThat(planner.retention().apply().versions()).isZero();
        clock.pass(Duration.ofHours(3));
        assertThat(planner.retention().apply().versions()).isEqualTo(1);
        assertThatThrownBy(() -> then.get(KEY)).isInstanceOf(PrunedException.class);
        assertThat(then.get(Key.text("never"))).isEmpty();
        assertThat(List.of(then)).hasSize(1);
    }
}
