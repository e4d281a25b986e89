package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.testing.StoreTest;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A changed schema, which an open store notices before it acknowledges a write. */
class SchemaChangesTest extends StoreTest {
    private static final Key<String> A = Key.text("a");
    private static final Key<String> B = Key.text("b");
    private static final EventStream<String> STREAM = EventStream.text("s");

    private Store store;
    private Agent agent;

    @BeforeEach
    void openStore() {
        open(true);
    }

    /** Without a heartbeat that could notice the change first. */
    private void open(boolean mappedIndex) {
        store = Store.open(StoreConfig.of(file).withMappedWalIndex(mappedIndex).withHeartbeat(Duration.ofMinutes(10)));
        agent = store.agent("planner");
        for (int i = 0; i < 3; i++) {
            agent.put(A, "before").orThrow();
        }
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private void prompt(String sql) {
        assertThat(SqlShell.JDBC.run(file, sql)).isEmpty();
    }

    private static void assertDamaged(ThrowingCallable write, String words) {
        assertThatThrownBy(write)
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED))
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TRIGGER swallow BEFORE INSERT ON log BEGIN SELECT RAISE(IGNORE); END",
                "CREATE TRIGGER swallow BEFORE INSERT ON log WHEN NEW.part = 0 BEGIN SELECT RAISE(IGNORE); END",
                "DROP TRIGGER log_insert_commit_check",
                "DROP TRIGGER log_insert_part_check",
                "DROP TRIGGER log_insert_version_check",
                "DROP TRIGGER log_update_key"
            })
    void writeAlone_afterAChangeOfTheSchema_isRefused(String change) {
        prompt(change);
        // If SQLite reports an error, the outcome is unknown. If it reports none, the file is damaged.
        assertThatThrownBy(() -> agent.tryPut(A, "after"))
                .isInstanceOfAny(UnusableStoreException.class, OutcomeUnknownException.class);
        assertDamaged(() -> agent.tryPut(A, "later"), "trigger");
        assertThat(store.get(A).orElseThrow().value()).isNotEqualTo("later");
    }

    @Test
    void writeAlone_withoutAMappedIndex_isRefused() {
        store.close();
        open(false);
        agent.put(A, "still").orThrow();
        prompt("CREATE TRIGGER swallow BEFORE INSERT ON log BEGIN SELECT RAISE(IGNORE); END");
        assertDamaged(() -> agent.tryPut(A, "after"), "trigger swallow on log is unexpected");
    }

    @Test
    void everyKindOfWrite_afterAChangeOfTheSchema_isRefused() {
        List<Consumer<Agent>> writes = List.of(
                writer -> writer.tryPut(B, "new"),
                writer -> writer.tryCommit(WriteBatch.of().put(A, "1").put(B, "2")),
                writer -> writer.transact(transaction -> {
                    transaction.put(B, transaction.get(A).orElseThrow().value());
                    return true;
                }),
                writer -> writer.claim(B, Lease.of(Duration.ofHours(1))),
                writer -> writer.tryAppend(STREAM, List.of(NewEvent.of("x"))));
        prompt("CREATE TRIGGER swallow BEFORE INSERT ON log BEGIN SELECT RAISE(IGNORE); END");
        for (Consumer<Agent> write : writes) {
            assertDamaged(() -> write.accept(agent), "trigger swallow on log is unexpected");
        }
        prompt("DROP TRIGGER swallow");
        writes.forEach(write -> write.accept(agent));
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("1");
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void tableOfAnother_createdWhileOpen_isIgnored() {
        prompt("CREATE TABLE mine (x)");
        agent.put(A, "after").orThrow();
        prompt("CREATE INDEX mine_x ON mine (x)");
        assertDamaged(() -> agent.tryPut(A, "later"), "index mine_x on mine is unexpected");
        prompt("DROP TABLE mine");
        agent.put(A, "last").orThrow();
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("last");
    }

    /** A newer library may add tables beside an open store. The tables that this store uses must not change. */
    @Test
    void newerSchema_changingOwnTables_isRefused() {
        int newer = Integer.parseInt(FileDump.query(file, "PRAGMA user_version").get(0)) + 1;
        prompt("CREATE TABLE more (x)");
        prompt("CREATE TRIGGER more_kept BEFORE DELETE ON more BEGIN SELECT RAISE(ABORT, 'kept'); END");
        prompt("PRAGMA user_version = " + newer);
        agent.put(A, "beside");
        prompt("CREATE TRIGGER swallow BEFORE INSERT ON log BEGIN SELECT RAISE(IGNORE); END");
        assertThatThrownBy(() -> agent.tryPut(A, "after"))
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.NEWER_SCHEMA));
    }

    @Test
    void incompleteCommit_whenTheNextIsWritten_isRefused() {
        String commit =
                "INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count)"
                        + " SELECT max(id) + 1, 0, 2, (SELECT max(id) FROM processes), 99, 'forger', 0, 0 FROM log";
        String half = "INSERT INTO log (id, part, remaining, event_count, key_id, version, previous_id, value)"
                + " SELECT (SELECT max(id) + 1 FROM log), %d, %d, 0, id, version + 1, latest_version_id, 'half'"
                + " FROM keys WHERE key = '%s'";
        agent.put(B, "1").orThrow();
        prompt(commit);
        prompt(half.formatted(1, 1, "a"));
        assertDamaged(() -> agent.tryPut(A, "after"), "The newest commit of the file is incomplete");
        assertDamaged(
                () -> agent.tryCommit(WriteBatch.of().put(A, "1").put(B, "2")), "see the view incomplete_commits");
        assertThat(store.check().findings())
                .contains("a commit is whole: commit 5 has 1 rows before row 6 and 1 after it, which there are not");
        prompt(half.formatted(2, 0, "b"));
        agent.put(A, "after").orThrow();
        assertThat(store.check().findings()).isEmpty();
    }
}
