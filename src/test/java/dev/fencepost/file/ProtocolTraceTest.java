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
import dev.fencepost.SagaDefinition;
import dev.fencepost.SettableClock;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.StoreStep;
import dev.fencepost.WriteBatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that is opened for it keeps a record of each step, in the commit that the step made; any other keeps none. */
class ProtocolTraceTest {
    private static final Key<String> A = Key.text("a");
    private static final Key<String> B = Key.text("b");

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("a.db");
    }

    private Store open(boolean traced) {
        return Store.open(StoreConfig.of(file()).withTrace(traced));
    }

    @Test
    void byDefault_nothingIsKept() {
        assertThat(StoreConfig.of(file()).trace()).isFalse();
        try (Store store = open(false)) {
            act(store.agent("planner"));
        }
        assertThat(FileDump.query(file(), "SELECT * FROM trace")).isEmpty();
    }

    @Test
    void eachStep_isKeptWithItsCommit_refusalsToo() {
        try (Store store = open(true)) {
            act(store.agent("planner"));
            assertThat(store.check().findings()).isEmpty();
        }
        assertThat(FileDump.query(
                        file(),
                        "SELECT sequence, what, how, claim, key, epoch, was, version, expects FROM trace ORDER BY id"))
                .containsExactly(
                        "1|commit|applied|null|null|null|null|null|null",
                        "1|put||null|a|0|0|1|null",
                        "1|put|absent|null|b|0|0|1|0",
                        "0|commit|conflict|null|null|null|null|null|null",
                        "0|put|version|null|a|0|1|1|7",
                        "2|claim|applied|2|null|null|null|null|null",
                        "2|key||2|a|1|null|null|null",
                        "0|renew|applied|2|null|null|null|null|null",
                        "0|claim|held|null|null|null|null|null|null",
                        "0|key||2|a|1|null|null|null",
                        "0|commit|claimed|null|null|null|null|null|null",
                        "0|delete|present|null|a|1|1|1|null",
                        "3|commit|applied|null|null|null|null|null|null",
                        "3|under||2|null|null|null|null|null",
                        "3|put||null|a|1|1|2|null",
                        "4|end|revoked|2|null|null|null|null|null",
                        "0|commit|fenced|null|null|null|null|null|null",
                        "0|under||2|null|null|null|null|null",
                        "0|put||null|a|null|null|null|null",
                        "0|release|fenced|2|null|null|null|null|null");
        assertThat(FileDump.query(file(), "SELECT DISTINCT agent FROM trace")).containsExactly("planner");
    }

    @Test
    void aClaimThatIsTakenOver_isKeptWithTheOneThatFollows() {
        SettableClock clock = new SettableClock();
        try (Store store = Store.open(StoreConfig.of(file()).withTrace(true).withClock(clock))) {
            Agent planner = store.agent("planner");
            planner.claim(A, Lease.withoutHeartbeats(Duration.ofSeconds(5))).orThrow();
            clock.advance(Duration.ofSeconds(5));
            planner.claim(A, Lease.withoutHeartbeats(Duration.ofSeconds(5))).orThrow();
        }
        assertThat(FileDump.query(file(), "SELECT sequence, what, how, claim FROM trace ORDER BY id"))
                .containsExactly(
                        "1|claim|applied|1", "1|key||1", "2|claim|applied|2", "2|key||2", "2|ended|lease-expired|1");
    }

    @Test
    void aClaimThatAWriteEnds_isKeptWithTheWrite() {
        SettableClock clock = new SettableClock();
        try (Store store = Store.open(StoreConfig.of(file()).withTrace(true).withClock(clock))) {
            Agent planner = store.agent("planner");
            planner.claim(A, Lease.withoutHeartbeats(Duration.ofSeconds(5))).orThrow();
            clock.advance(Duration.ofSeconds(5));
            planner.put(A, "1").orThrow();
        }
        assertThat(FileDump.query(file(), "SELECT sequence, what, how, claim FROM trace ORDER BY id"))
                .containsExactly(
                        "1|claim|applied|1",
                        "1|key||1",
                        "2|commit|applied|null",
                        "2|put||null",
                        "2|ended|lease-expired|1");
    }

    @Test
    void anEntryInTheJournalOfASaga_isKeptWithItsCommit() {
        try (Store store = open(true)) {
            runASaga(store.agent("planner"));
        }
        assertThat(FileDump.query(file(), "SELECT what, how FROM trace WHERE what = 'entry' ORDER BY id"))
                .containsExactly("entry|begun", "entry|done", "entry|completed");
    }

    @Test
    void withoutBeingAskedFor_noEntryIsKept() {
        try (Store store = open(false)) {
            runASaga(store.agent("planner"));
        }
        assertThat(FileDump.query(file(), "SELECT what FROM trace")).isEmpty();
    }

    private static void runASaga(Agent planner) {
        StoreStep<String, String> step = StoreStep.of("step", (tx, context) -> "done");
        planner.sagas().run(SagaDefinition.of("saga", 1, Codec.text()).step(step), "saga-1", "input");
    }

    @Test
    void aRefusal_changesNothingElse() {
        try (Store store = open(true)) {
            Agent planner = store.agent("planner");
            planner.put(A, "1").orThrow();
            List<String> before = withoutTrace();
            planner.tryPut(A, "2", Precondition.ifAbsent());
            assertThat(withoutTrace()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM trace",
                "UPDATE trace SET how = 'applied'",
                "INSERT OR REPLACE INTO trace SELECT * FROM trace WHERE id = 1",
                "INSERT INTO trace (id, step, sequence, process, agent, what, how) VALUES (9, 9, 1, 1, '', '', '')",
                "INSERT INTO trace (id, step, sequence, process, agent, what, how) VALUES (3, 2, 1, 1, '', '', '')",
                "INSERT INTO trace (id, step, sequence, process, agent, what, how) VALUES (3, 3, 7, 1, '', '', '')"
            })
    void byHand_theTraceIsNotChanged(String sql) {
        try (Store store = open(true)) {
            store.agent("planner").put(A, "1").orThrow();
        }
        assertThat(SqlShell.JDBC.run(file(), sql).orElse("nothing said")).contains("fencepost: ");
        assertThat(FileDump.query(file(), "SELECT what FROM steps")).containsExactly("commit", "put");
    }

    @Test
    void aTraceThatDoesNotFit_isFound() {
        try (Store store = open(true)) {
            store.agent("planner").put(A, "1").orThrow();
            store.agent("planner").put(A, "2").orThrow();
        }
        List<String> trigger = FileDump.query(file(), "SELECT sql FROM sqlite_schema WHERE name = 'trace_fixed'");
        assertThat(SqlShell.JDBC.run(
                        file(),
                        "DROP TRIGGER trace_fixed",
                        "UPDATE trace SET version = 1 WHERE id = 4",
                        "UPDATE trace SET sequence = 3 WHERE id = 3",
                        "UPDATE trace SET step = 1 WHERE id = 4",
                        trigger.get(0)))
                .isEmpty();
        try (Store store = open(false)) {
            assertThat(store.check().findings())
                    .containsExactly(
                            "a trace tells of what there is: row 4 of the trace does not follow the one before it",
                            "a trace tells of what there is: step 3 of the trace belongs to commit 3, which is not there,"
                                    + " or of another process",
                            "a trace tells of what there is: step 1 of the trace says that the key a got version 1");
        }
    }

    private List<String> withoutTrace() {
        return FileDump.of(file()).stream()
                .filter(row -> !row.startsWith("trace: "))
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
