package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.Codec;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Precondition;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch;
import dev.fencepost.internal.commit.TableTrace;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps that a store reports to its hook, in the record that the trace tests read. */
class ProtocolTraceTest {
    private static final Key<String> A = Key.text("a");
    private static final Key<String> B = Key.text("b");

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("a.db");
    }

    private Store open() {
        return TableTrace.open(StoreConfig.of(file()));
    }

    /** The first commit has two versions, which take three rows of the log. The next has sequence 4. */
    @Test
    void steps_andRefusals_areRecordedWithTheirCommits() {
        try (Store store = open()) {
            act(store.agent("planner"));
            assertThat(store.check().findings()).isEmpty();
        }
        assertThat(
                        FileDump.query(
                                file(),
                                "SELECT sequence, action, outcome, claim, key, epoch, version_before, version, expected_version FROM protocol_trace ORDER BY id"))
                .containsExactly(
                        "1|commit|applied|null|null|null|null|null|null",
                        "1|put||null|a|0|0|1|null",
                        "1|put|absent|null|b|0|0|1|0",
                        "0|commit|conflict|null|null|null|null|null|null",
                        "0|put|version|null|a|0|1|1|7",
                        "4|claim|applied|4|null|null|null|null|null",
                        "4|key||4|a|1|null|null|null",
                        "0|renew|applied|4|null|null|null|null|null",
                        "0|claim|held|null|null|null|null|null|null",
                        "0|key||4|a|1|null|null|null",
                        "0|commit|claimed|null|null|null|null|null|null",
                        "0|delete|present|null|a|1|1|1|null",
                        "5|commit|applied|null|null|null|null|null|null",
                        "5|under||4|null|null|null|null|null",
                        "5|put||null|a|1|1|2|null",
                        "6|end|revoked|4|null|null|null|null|null",
                        "0|commit|fenced|null|null|null|null|null|null",
                        "0|under||4|null|null|null|null|null",
                        "0|put||null|a|null|null|null|null",
                        "0|release|fenced|4|null|null|null|null|null");
        assertThat(FileDump.query(file(), "SELECT DISTINCT agent FROM protocol_trace"))
                .containsExactly("planner");
    }

    @Test
    void claimTakenOver_isRecordedWithItsSuccessor() {
        SettableClock clock = new SettableClock();
        try (Store store = TableTrace.open(StoreConfig.of(file()).withClock(clock))) {
            Agent planner = store.agent("planner");
            planner.claim(A, Lease.withoutHeartbeats(Duration.ofSeconds(5))).orThrow();
            clock.advance(Duration.ofSeconds(5));
            planner.claim(A, Lease.withoutHeartbeats(Duration.ofSeconds(5))).orThrow();
        }
        assertThat(FileDump.query(file(), "SELECT sequence, action, outcome, claim FROM protocol_trace ORDER BY id"))
                .containsExactly(
                        "1|claim|applied|1", "1|key||1", "2|claim|applied|2", "2|key||2", "2|ended|lease-expired|1");
    }

    @Test
    void claimEndedByAWrite_isRecordedWithTheWrite() {
        SettableClock clock = new SettableClock();
        try (Store store = TableTrace.open(StoreConfig.of(file()).withClock(clock))) {
            Agent planner = store.agent("planner");
            planner.claim(A, Lease.withoutHeartbeats(Duration.ofSeconds(5))).orThrow();
            clock.advance(Duration.ofSeconds(5));
            planner.put(A, "1").orThrow();
        }
        assertThat(FileDump.query(file(), "SELECT sequence, action, outcome, claim FROM protocol_trace ORDER BY id"))
                .containsExactly(
                        "1|claim|applied|1",
                        "1|key||1",
                        "2|commit|applied|null",
                        "2|put||null",
                        "2|ended|lease-expired|1");
    }

    @Test
    void journalEntry_isRecordedWithItsCommit() {
        try (Store store = open()) {
            runASaga(store.agent("planner"));
        }
        assertThat(FileDump.query(
                        file(), "SELECT action, outcome FROM protocol_trace WHERE action = 'entry' ORDER BY id"))
                .containsExactly("entry|begun", "entry|done", "entry|completed");
    }

    private static void runASaga(Agent planner) {
        StoreStep<String, String> step = StoreStep.of("step", (tx, context) -> "done");
        planner.sagas().run(SagaDefinition.of("saga", 1, Codec.text()).step(step), "saga-1", "input");
    }

    @Test
    void refusal_changesNothingElse() {
        try (Store store = open()) {
            Agent planner = store.agent("planner");
            planner.put(A, "1").orThrow();
            List<String> before = withoutTrace();
            planner.tryPut(A, "2", Precondition.ifAbsent());
            assertThat(withoutTrace()).isEqualTo(before);
        }
    }

    @Test
    void inconsistentTrace_isFound() {
        try (Store store = open()) {
            store.agent("planner").put(A, "1").orThrow();
            store.agent("planner").put(A, "2").orThrow();
        }
        assertThat(SqlShell.JDBC.run(
                        file(),
                        "UPDATE protocol_trace SET version = 1 WHERE id = 4",
                        "UPDATE protocol_trace SET sequence = 3 WHERE id = 3",
                        "UPDATE protocol_trace SET step = 1 WHERE id = 4"))
                .isEmpty();
        assertThat(FileDump.query(file(), TableTrace.FINDINGS))
                .containsExactly(
                        "row 4 of the trace does not follow the one before it",
                        "step 3 of the trace belongs to commit 3, which is not there, or of another process",
                        "step 1 of the trace says that the key a got version 1");
    }

    private List<String> withoutTrace() {
        return FileDump.of(file()).stream()
                .filter(row -> !row.startsWith("protocol_trace: "))
                .toList();
    }

    private static void act(Agent planner) {
        planner.commit(WriteBatch.of().put(A, "1").put(B, "1", Precondition.ifAbsent()))
                .orThrow();
        planner.tryPut(A, "2", Precondition.ifVersion(7));
        Claim claim = planner.claim(A, Lease.of(Duration.ofMinutes(1))).orThrow();
        claim.renew();
        planner.claim(A, Lease.of(Duration.ofMinutes(1)));
        planner.tryDelete(A);
        claim.put(A, "3");
        planner.revoke(A);
        assertThatThrownBy(() -> claim.put(A, "4")).isInstanceOf(FencedException.class);
        assertThatThrownBy(claim::release).isInstanceOf(FencedException.class);
    }
}
