package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.file.SystemCalls.Call;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Checkpoints beside commits. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CheckpointsTest extends StoreTest {
    private static final Key<String> A = Key.text("a");
    private static final int MANY = 20_000;
    private static final int FEW = 600;

    /** The number of commits that make the WAL long enough for several attempts to restart it. */
    private static final int FILLING = 4_000;

    /** The offset of the salts in the WAL's header. They change when the WAL restarts. */
    private static final long SALTS_AT = 16;

    private Store open() {
        return Store.open(StoreConfig.of(file).withDurability(Durability.PROCESS_DEATH));
    }

    private long log() throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(file + "-wal", "r")) {
            log.seek(SALTS_AT);
            return log.readLong();
        }
    }

    private void assertBeginsAnew(long log, Agent agent, String value, int within) throws IOException {
        int commits = 0;
        while (log() == log && commits < within) {
            agent.put(A, value + commits).orThrow();
            commits++;
        }
        assertThat(commits).isLessThan(within);
    }

    private static void readWhileFilling(Statement reader, Agent agent) throws SQLException {
        reader.execute("BEGIN");
        reader.executeQuery("SELECT max(sequence) FROM commits").close();
        for (int i = 0; i < FILLING; i++) {
            agent.put(A, "" + i).orThrow();
        }
    }

    @Test
    void wal_underConstantWrites_restarts() throws IOException {
        try (Store store = open()) {
            Agent agent = store.agent("planner");
            agent.put(A, "0").orThrow();
            long first = log();
            assertBeginsAnew(first, agent, "", MANY);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    /** SQLite alone would wait for the reader under the write lock, up to the timeout. */
    @Test
    void endlessReader_blocksNoWriter() throws IOException, SQLException {
        StoreConfig patient =
                StoreConfig.of(file).withDurability(Durability.PROCESS_DEATH).withWriteLockTimeout(Duration.ofHours(1));
        try (Store store = Store.open(patient)) {
            Agent agent = store.agent("planner");
            agent.put(A, "0").orThrow();
            long first = log();
            try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + file);
                    Statement open = reader.createStatement()) {
                readWhileFilling(open, agent);
                assertThat(log()).isEqualTo(first);
            }
            assertBeginsAnew(first, agent, "", MANY);
        }
    }

    /**
     * The size that the WAL reached during a read says nothing about the next WAL, even if another process started
     * that.
     */
    @Test
    void wal_afterForeignRestart_restartsAsSoonAsUsual() throws IOException, SQLException {
        try (Store store = open();
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement elsewhere = other.createStatement()) {
            Agent agent = store.agent("planner");
            agent.put(A, "0").orThrow();
            readWhileFilling(elsewhere, agent);
            long first = log();
            elsewhere.execute("COMMIT");
            elsewhere.execute("PRAGMA wal_checkpoint(RESTART)");
            agent.put(A, "0").orThrow();
            long second = log();
            assertThat(second).isNotEqualTo(first);
            assertBeginsAnew(second, agent, "", FILLING);
        }
    }

    /** Counted in commits alone, the WAL would restart after some 700 commits at the earliest. */
    @Test
    void wal_ofLongValues_restartsSooner() throws IOException {
        try (Store store = open()) {
            Agent agent = store.agent("planner");
            agent.put(A, "0").orThrow();
            long first = log();
            String value = "x".repeat(100_000);
            assertBeginsAnew(first, agent, value, FEW);
        }
    }

    /** Otherwise a power loss could leave a partial checkpoint that the WAL cannot complete. */
    @Test
    void checkpoint_syncsTheWalBefore_andTheFileAfter() throws Exception {
        SystemCalls.assumeTraceable();
        SystemCalls calls = new SystemCalls(folder.resolve("trace"));
        try (Store store = open()) {
            for (int i = 0; i < 200; i++) {
                store.agent("planner").put(A, "x".repeat(100_000)).orThrow();
            }
            try (StoreProcess child = new StoreProcess(file, calls.traced("trace=fdatasync,fsync,pwrite64"))) {
                assertThat(child.ask("next")).isEqualTo("version 201");
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                while (calls.begun().stream().noneMatch(call -> call.isForce("a.db"))) {
                    assertThat(System.nanoTime())
                            .as("the log is not moved, or the file not forced")
                            .isLessThan(end);
                }
            }
            List<Call> begun = calls.begun();
            Call move = begun.stream()
                    .filter(call -> call.isWrite("a.db"))
                    .findFirst()
                    .orElseThrow();
            List<Call> moving = begun.stream()
                    .filter(call -> call.thread().equals(move.thread()))
                    .dropWhile(call -> !call.isForce("a.db-wal"))
                    .toList();
            assertThat(moving).contains(move);
            assertThat(moving.indexOf(move))
                    .isLessThan(moving.indexOf(moving.stream()
                            .filter(call -> call.isForce("a.db"))
                            .findFirst()
                            .orElseThrow()));
        }
    }
}
