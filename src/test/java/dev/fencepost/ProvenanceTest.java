package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.ReadDependency;
import dev.fencepost.history.RefusalRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Provenance: the read dependencies of commits, and recorded refusals, where they are enabled. */
class ProvenanceTest {
    private static final Key<String> KEY = Key.text("plan");

    @TempDir
    Path folder;

    private StoreConfig config() {
        return StoreConfig.of(folder.resolve("a.db")).withDurability(Durability.PROCESS_DEATH);
    }

    @Test
    void commit_recordsItsReadDependencies() {
        try (Store store = Store.open(config().withProvenance(true))) {
            Agent agent = store.agent("planner");
            EventStream<String> stream = EventStream.text("log");
            agent.put(Key.text("budget"), "100").orThrow();
            agent.put(KEY, "cheap").orThrow();
            agent.transact(tx -> {
                tx.get(Key.text("budget"));
                tx.list(Prefix.text("team/"));
                tx.events(stream);
                tx.put(KEY, "dear");
                return null;
            });
            agent.put(Key.text("budget"), "10").orThrow();
            agent.update(KEY, plan -> plan + "er");
            agent.put(KEY, "last", Precondition.ifVersion(3)).orThrow();
            assertThat(store.history().dependencies(KEY, 1)).isEmpty();
            assertThat(store.history().dependencies(KEY, 2))
                    .containsExactly(
                            new ReadDependency(ReadDependency.Kind.KEY, "budget", 2),
                            new ReadDependency(ReadDependency.Kind.PREFIX, "team/", 2),
                            new ReadDependency(ReadDependency.Kind.STREAM, "log", 2));
            assertThat(store.history().dependencies(KEY, 3))
                    .containsExactly(new ReadDependency(ReadDependency.Kind.KEY, "plan", 4));
            assertThat(store.history().dependencies(KEY, 4))
                    .containsExactly(new ReadDependency(ReadDependency.Kind.KEY, "plan", 5));
            // The budget that the agent had read when it wrote version 2.
            try (Snapshot then = store.snapshotAt(2)) {
                assertThat(then.get(Key.text("budget")).orElseThrow().value()).isEqualTo("100");
            }
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    void refusals_areRecorded_withTheBlocker() {
        try (Store store = Store.open(config().withProvenance(true))) {
            Agent agent = store.agent("planner");
            Agent other = store.agent("rival");
            other.put(KEY, "1").orThrow();
            assertThat(agent.tryPut(KEY, "2", Precondition.ifAbsent()).isCommitted())
                    .isFalse();
            Claim claim = other.claim(KEY, Lease.of(Duration.ofMinutes(1))).orThrow();
            assertThat(agent.tryPut(KEY, "3").isCommitted()).isFalse();
            agent.revoke(KEY);
            try {
                claim.put(KEY, "4");
            } catch (FencedException expected) {
                assertThat(expected.lost()).hasSize(1);
            }
            EventStream<String> stream = EventStream.text("log");
            agent.append(stream, NewEvent.of("x"));
            assertThat(agent.tryAppendAfter(stream, 0, List.of(NewEvent.of("y"))))
                    .isInstanceOf(StreamConflict.class);
            // Recorded after the refusal, in queue order.
            agent.put(Key.text("done"), "x").orThrow();
            List<RefusalRecord> refusals = store.history().refusals(10);
            assertThat(refusals)
                    .extracting(RefusalRecord::kind)
                    .containsExactly("stream", "fenced", "claimed", "conflict");
            assertThat(refusals.get(3).by()).contains("rival");
            assertThat(refusals.get(3).bySequence()).contains(1L);
            assertThat(refusals.get(3).agent()).isEqualTo("planner");
            assertThat(refusals.get(2).by()).contains("rival");
            assertThat(refusals.get(1).agent()).isEqualTo("rival");
            assertThat(refusals.get(1).by()).contains("planner");
            assertThat(refusals.get(0).name()).isEqualTo("log");
        }
    }

    @Test
    void overtakenTransaction_isRecorded_withTheOutdatedRead() {
        try (Store store = Store.open(config().withProvenance(true))) {
            Agent agent = store.agent("planner");
            Key<String> budget = Key.text("budget");
            agent.put(budget, "100").orThrow();
            int[] runs = new int[1];
            agent.transact(tx -> {
                tx.put(KEY, tx.get(budget).orElseThrow().value());
                return ++runs[0] > 1
                        || store.agent("rival").put(budget, "10").orThrow().version() == 2;
            });
            assertThat(runs[0]).isEqualTo(2);
            assertThat(store.history().refusals(10)).singleElement().satisfies(refusal -> {
                assertThat(refusal.kind()).isEqualTo("read");
                assertThat(refusal.name()).isEqualTo("budget");
                assertThat(refusal.by()).contains("rival");
                assertThat(refusal.bySequence()).contains(2L);
            });
        }
    }

    @Test
    void refusal_onUnwrittenKey_isRecordedWithoutBlocker() {
        try (Store store = Store.open(config().withProvenance(true))) {
            Agent agent = store.agent("planner");
            assertThat(agent.tryPut(KEY, "1", Precondition.ifPresent()).isCommitted())
                    .isFalse();
            agent.put(Key.text("done"), "x").orThrow();
            assertThat(store.history().refusals(10)).singleElement().satisfies(refusal -> {
                assertThat(refusal.kind()).isEqualTo("conflict");
                assertThat(refusal.name()).isEqualTo("plan");
                assertThat(refusal.by()).isEmpty();
                assertThat(refusal.bySequence()).isEmpty();
            });
        }
    }

    /** As in a program that does one thing and exits. */
    @Test
    void lastRefusalBeforeClose_isRecorded() {
        for (int i = 1; i <= 20; i++) {
            try (Store store = Store.open(config().withProvenance(true))) {
                assertThat(store.agent("planner")
                                .tryPut(KEY, "x", Precondition.ifVersion(9))
                                .isCommitted())
                        .isFalse();
            }
            try (Store store = Store.open(config())) {
                assertThat(store.history().refusals(100)).hasSize(i);
            }
        }
    }

    @Test
    void provenance_disabled_recordsNothing() {
        try (Store store = Store.open(config())) {
            Agent agent = store.agent("planner");
            agent.put(KEY, "1").orThrow();
            agent.update(KEY, text -> text + "2");
            assertThat(agent.tryPut(KEY, "2", Precondition.ifAbsent()).isCommitted())
                    .isFalse();
            assertThat(store.history().dependencies(KEY, 2)).isEmpty();
            assertThat(store.history().refusals(10)).isEmpty();
        }
    }

    @Test
    void fencedRenewReleaseAndResume_areRecorded() {
        try (Store store = Store.open(config().withProvenance(true))) {
            Agent agent = store.agent("planner");
            Claim claim = agent.claim(KEY, Lease.of(Duration.ofMinutes(1))).orThrow();
            store.agent("operator").revoke(KEY);
            assertThatThrownBy(claim::renew).isInstanceOf(FencedException.class);
            assertThatThrownBy(claim::release).isInstanceOf(FencedException.class);
            assertThatThrownBy(() -> agent.resume(claim.token())).isInstanceOf(FencedException.class);
            agent.put(Key.text("done"), "x").orThrow();
            assertThat(store.history().refusals(10)).hasSize(3).allSatisfy(refusal -> {
                assertThat(refusal.kind()).isEqualTo("fenced");
                assertThat(refusal.agent()).isEqualTo("planner");
                assertThat(refusal.by()).contains("operator");
            });
        }
    }
}
