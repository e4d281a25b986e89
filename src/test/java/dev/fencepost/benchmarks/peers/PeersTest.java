package dev.fencepost.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.CheckReport;
import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.benchmarks.peers.Peer.Worker;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Subjects of the comparison: each refuses an old version and loses no commit. */
class PeersTest {
    private static final Duration A_MOMENT = Duration.ofMillis(100);
    private static final int TEN = 10;

    @TempDir
    private Path folder;

    static Stream<PeerSubject> peers() {
        Stream<PeerSubject> others = Stream.of(Subjects.H2_WRITING, Subjects.UPDATE, Subjects.TRANSACT, Subjects.CLAIM);
        return Stream.concat(
                Subjects.ALL.stream().filter(PeerSubject.class::isInstance).map(PeerSubject.class::cast), others);
    }

    @ParameterizedTest
    @MethodSource("peers")
    void peer_underContention_losesNoCommit(PeerSubject subject) throws Exception {
        assumePresent(subject);
        try (TemporaryFolder own = TemporaryFolder.in(folder, "peer");
                Peer peer = subject.opener().open(own.path(), Durability.POWER_LOSS, 1)) {
            try (Worker worker = peer.worker()) {
                for (int i = 0; i < TEN; i++) {
                    assertThat(worker.commit(0)).isTrue();
                }
                if (worker instanceof Peer.OptimisticWorker optimistic) {
                    assertThat(optimistic.attempt(0, TEN)).isEqualTo(OptionalLong.of(TEN + 1));
                }
                if (peer instanceof PostgresPeer postgres) {
                    try (Connection connection = postgres.connect()) {
                        assertThat(ask(connection, "SHOW synchronous_commit")).isEqualTo("on");
                        assertThat(ask(connection, "SHOW fsync")).isEqualTo("on");
                    }
                }
            }
            assertThat(peer.tally()).isEqualTo(new VerificationTotals(TEN, TEN, 0));
            int threads = Math.min(4, subject.maxThreads());
            Outcome outcome = ClosedLoop.run(
                    peer, new LoadSpec(threads, 1, Durability.POWER_LOSS, Duration.ZERO, A_MOMENT), own.path());
            assertThat(outcome.acknowledged()).isPositive();
            peer.tally().mustAddUpTo(TEN + outcome.acknowledged(), subject.label());
        }
    }

    /** Returns the peers that start quickly; for the others a single start must suffice. */
    static Stream<PeerSubject> quickPeers() {
        return peers().filter(subject -> !subject.startsSlowly());
    }

    @ParameterizedTest
    @MethodSource("quickPeers")
    void peer_withProcessDeathDurability_commits(PeerSubject subject) throws Exception {
        assumePresent(subject);
        LoadSpec load = new LoadSpec(1, 3, Durability.PROCESS_DEATH, Duration.ZERO, A_MOMENT);
        assertThat(subject.measure(folder, load).acknowledged()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"POWER_LOSS, 2, always", "PROCESS_DEATH, 1, everysec"})
    void peer_isAsDurableAsRequested(Durability durability, String synchronous, String appendfsync) throws Exception {
        try (Peer raw = Subjects.RAW_JDBC.opener().open(newFolder(), durability, 1);
                JdbcPeer.JdbcWorker worker = (JdbcPeer.JdbcWorker) raw.worker();
                OneLockPeer oneLock = (OneLockPeer) Subjects.ONE_LOCK.opener().open(newFolder(), durability, 1)) {
            assertThat(ask(worker.connection, "PRAGMA synchronous")).isEqualTo(synchronous);
            assertThat(ask(oneLock.only.connection, "PRAGMA synchronous")).isEqualTo(synchronous);
        }
        assumePresent(Subjects.REDIS);
        try (RedisPeer redis = (RedisPeer) Subjects.REDIS.opener().open(newFolder(), durability, 1);
                Jedis connection = redis.connect()) {
            assertThat(connection.configGet("append*"))
                    .containsEntry("appendonly", "yes")
                    .containsEntry("appendfsync", appendfsync);
        }
    }

    private Path newFolder() throws IOException {
        return Files.createTempDirectory(folder, "peer");
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cProgram_commits(CSubject subject) throws Exception {
        assumePresent(subject);
        for (Durability durability : Durability.values()) {
            try (TemporaryFolder own = TemporaryFolder.in(folder, "c")) {
                Outcome outcome = subject.measure(own.path(), new LoadSpec(1, 3, durability, A_MOMENT, A_MOMENT));
                assertThat(outcome.acknowledged())
                        .isGreaterThanOrEqualTo(outcome.counted().get(0))
                        .isPositive();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void pythonProgram_commits(int threads) throws Exception {
        assumePresent(Subjects.AGENT_COHERENCE);
        Outcome outcome = Subjects.AGENT_COHERENCE.measure(
                folder, new LoadSpec(threads, 2, Durability.PROCESS_DEATH, A_MOMENT, A_MOMENT));
        assertThat(outcome.acknowledged())
                .isGreaterThanOrEqualTo(outcome.counted().get(0))
                .isPositive();
    }

    @Test
    void unknownOutput_isRefused() {
        assertThatThrownBy(() -> Outcome.parse("Segmentation fault"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Segmentation fault");
    }

    @Test
    void cProgram_leavesAValidStore() throws Exception {
        assumePresent(CSubject.SCHEMA);
        Outcome outcome =
                CSubject.SCHEMA.measure(folder, new LoadSpec(1, 3, Durability.PROCESS_DEATH, Duration.ZERO, A_MOMENT));
        try (Store store = Store.open(folder.resolve(StorePeer.FILE))) {
            CheckReport report = store.check();
            assertThat(report.findings()).isEmpty();
            assertThat(report.commits()).isEqualTo(1 + outcome.acknowledged());
        }
    }

    @Test
    void peerLosingUpdates_isDetected() {
        PeerSubject careless = new PeerSubject("careless", (folder, durability, keys) -> new Careless(), 1);
        assertThatThrownBy(() -> careless.measure(
                        folder, new LoadSpec(1, 1, Durability.POWER_LOSS, Duration.ZERO, Duration.ofMillis(10))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("careless acknowledged");
    }

    @Test
    void wrongTotals_areDetected() {
        new VerificationTotals(TEN, TEN, 0).mustAddUpTo(TEN, "right");
        for (VerificationTotals wrong : List.of(
                new VerificationTotals(TEN - 1, TEN, 0),
                new VerificationTotals(TEN, TEN - 1, 0),
                new VerificationTotals(TEN, TEN, 1))) {
            assertThatThrownBy(() -> wrong.mustAddUpTo(TEN, "wrong")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void wrongValue_isDetected_andMovedEpochRefused() throws Exception {
        try (Peer peer = Subjects.RAW_JDBC.opener().open(folder, Durability.PROCESS_DEATH, 1);
                Worker worker = peer.worker();
                Connection other = PlainTables.sqlite(folder.resolve("plain.db"), Durability.PROCESS_DEATH);
                Statement statement = other.createStatement()) {
            statement.execute("UPDATE keys SET epoch = 1");
            assertThat(((Peer.OptimisticWorker) worker).attempt(0, 1)).isEqualTo(OptionalLong.of(1));
            assertThat(peer.tally()).isEqualTo(new VerificationTotals(0, 0, 0));
            statement.execute(
                    "INSERT INTO history SELECT key, version + 1, epoch, value, agent, committed_at" + " FROM history");
            assertThat(peer.tally()).isEqualTo(new VerificationTotals(0, 1, 1));
        }
    }

    @Test
    void movedEpoch_isRefusedByRedis() throws Exception {
        assumePresent(Subjects.REDIS);
        try (RedisPeer peer = (RedisPeer) Subjects.REDIS.opener().open(folder, Durability.PROCESS_DEATH, 1);
                Worker worker = peer.worker();
                Jedis other = peer.connect()) {
            other.hset("counters/0", "epoch", "1");
            assertThat(((Peer.OptimisticWorker) worker).attempt(0, 1)).isEqualTo(OptionalLong.of(1));
            assertThat(peer.tally()).isEqualTo(new VerificationTotals(0, 0, 0));
            other.rpush("history:counters/0", BenchmarkValues.of(1));
            assertThat(peer.tally()).isEqualTo(new VerificationTotals(0, 1, 1));
        }
    }

    @Test
    void failedServerStart_isReportedWithItsOutput() throws Exception {
        ServerProcess process = ServerProcess.start(
                folder.resolve("log"), ServerProcess.Stop.TERM, List.of("sh", "-c", "echo no room; exit 3"));
        assertThatThrownBy(() -> process.awaitAnswer(() -> {
                    throw new IOException("no peer is there");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no room");
    }

    @Test
    @Timeout(30)
    void serverIgnoringTerm_isKilled() throws Exception {
        Path log = folder.resolve("log");
        ServerProcess process = ServerProcess.start(
                log, ServerProcess.Stop.TERM, List.of("sh", "-c", "trap '' TERM; echo ready; exec sleep 60"));
        process.awaitAnswer(() -> {
            if (!Files.readString(log).startsWith("ready")) {
                throw new IOException("not yet");
            }
        });
        process.close();
    }

    @Test
    @Timeout(30)
    void interruptedWait_stopsTheServer() throws Exception {
        ServerProcess process =
                ServerProcess.start(folder.resolve("log"), ServerProcess.Stop.TERM, List.of("sleep", "60"));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> process.awaitAnswer(() -> {
                    throw new IOException("not yet");
                }))
                .isInstanceOf(InterruptedException.class);
    }

    @AfterEach
    void noServerIsLeft() {
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    @Timeout(30)
    void failingThread_endsTheMeasurement() {
        AtomicLong workers = new AtomicLong();
        PeerSubject broken = new PeerSubject(
                "broken",
                (folder, durability, keys) -> new Careless() {
                    @Override
                    Worker worker() {
                        boolean fails = workers.incrementAndGet() == 2;
                        return key -> {
                            if (fails) {
                                throw new SQLException("no more");
                            }
                            return true;
                        };
                    }
                },
                3);
        assertThatThrownBy(() -> broken.measure(
                        folder, new LoadSpec(3, 1, Durability.POWER_LOSS, Duration.ZERO, Duration.ofMinutes(1))))
                .hasMessageContaining("no more");
    }

    private void assumePresent(Subject subject) throws IOException, InterruptedException {
        String absence = subject.absence(folder).orElse("");
        assumeTrue(absence.isEmpty(), absence);
    }

    /** Loses every second update. */
    private static class Careless extends Peer {
        Careless() {
            super(1);
        }

        private final AtomicLong written = new AtomicLong();

        @Override
        Worker worker() {
            return key -> {
                written.incrementAndGet();
                return true;
            };
        }

        @Override
        VerificationTotals tally() {
            return new VerificationTotals(written.get() / 2, written.get(), 0);
        }

        @Override
        public void close() {}
    }
}
