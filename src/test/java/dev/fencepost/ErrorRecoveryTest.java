package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.testing.JvmLauncher;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recovery from errors: no failure outlasts its cause. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorRecoveryTest {
    private static final Key<String> PLAN = Key.text("plans/launch");
    private static final Key<String> OTHER = Key.text("plans/other");
    private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));

    @TempDir
    Path folder;

    private StoreConfig config() {
        return StoreConfig.of(folder.resolve("agents.db")).withDurability(Durability.PROCESS_DEATH);
    }

    /** Without a mapped WAL index, each read asks SQLite for changes. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stackOverflow_ofOneCaller_leavesOthersUnharmed(boolean mappedIndex) throws Exception {
        // In a separate process: a class whose first use overflows the stack stays unusable in that process.
        JvmLauncher.plain()
                .run(StackOverflows.class, folder.resolve("agents.db").toString(), String.valueOf(mappedIndex))
                .orThrow();
    }

    @Test
    void failedHeartbeat_isFollowedByOthers() throws InterruptedException {
        AtomicBoolean failed = new AtomicBoolean();
        InstantSource clock = () -> {
            if (Thread.currentThread().getName().equals("fencepost-heartbeat") && failed.compareAndSet(false, true)) {
                throw new UnsupportedOperationException("no time");
            }
            return Instant.now();
        };
        try (Store store = Store.open(config().withClock(clock).withHeartbeat(Duration.ofMillis(20)))) {
            Claim claim = store.agent("a").claim(PLAN, LEASE).orThrow();
            Instant before = claim.expiresAt();
            while (!failed.get() || !claim.expiresAt().isAfter(before)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    @Test
    void failedRelease_canBeRepeated() throws SQLException {
        try (Store store = Store.open(config().withWriteLockTimeout(Duration.ofMillis(50)))) {
            Claim claim = store.agent("a").claim(PLAN, LEASE).orThrow();
            try (Connection other = writing()) {
                assertThat(other.isClosed()).isFalse();
                assertThatThrownBy(claim::close).isInstanceOf(WriteLockTimeoutException.class);
            }
            claim.close();
            assertThat(store.claims()).isEmpty();
        }
    }

    @Test
    void waiter_leavingFails_doesNotBlockTheQueue() throws Exception {
        try (Store store = Store.open(
                config().withWriteLockTimeout(Duration.ofMillis(50)).withHeartbeat(Duration.ofMillis(100)))) {
            Claim claim = store.agent("a").claim(PLAN, LEASE).orThrow();
            Thread waiter = new Thread(() -> assertThatThrownBy(() -> {
                        ClaimResult unused = store.agent("b").claim(PLAN, LEASE, Duration.ofMinutes(30));
                    })
                    .isInstanceOf(WaitInterruptedException.class));
            waiter.start();
            while (((ClaimResult.Busy) store.agent("c").claim(PLAN, LEASE)).queuedAhead() == 0) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            try (Connection other = writing()) {
                assertThat(other.isClosed()).isFalse();
                waiter.interrupt();
                waiter.join();
            }
            claim.release();
            assertThat(store.agent("c").claim(PLAN, LEASE, Duration.ofSeconds(30)))
                    .isInstanceOf(ClaimResult.Granted.class);
        }
    }

    @Test
    void request_ofDeadProcess_isRemoved() throws SQLException {
        try (Store store = Store.open(config())) {
            Claim held = store.agent("a").claim(PLAN, LEASE).orThrow();
            held.close();
            try (Connection other = connect();
                    Statement statement = other.createStatement()) {
                statement.executeUpdate(
                        "INSERT INTO processes (id, pid, start_time, boot_id, pid_namespace, opened_at, heartbeat_at)"
                                + " SELECT 2, 4194305, '1', boot_id, pid_namespace, opened_at, heartbeat_at FROM processes WHERE id > 0");
                statement.executeUpdate(
                        "INSERT INTO claim_requests VALUES (1, 2, 'dead', 1, 0, 9999999999999, '0123456789abcdef', 1, 1, 0)");
                statement.executeUpdate("INSERT INTO claim_request_keys SELECT id, 1 FROM keys");
                store.agent("a").claim(PLAN, LEASE).orThrow().close();
                assertThat(statement
                                .executeQuery("SELECT count(*) FROM claim_requests")
                                .getInt(1))
                        .isZero();
            }
        }
    }

    @Test
    void concurrentCreators_ofOneFile_allOpenIt() throws Exception {
        int many = 8;
        ExecutorService others = Executors.newFixedThreadPool(many);
        try {
            for (int round = 0; round < 60; round++) {
                Path file = folder.resolve("round" + round + ".db");
                CyclicBarrier start = new CyclicBarrier(many);
                List<Future<Boolean>> opened = new ArrayList<>();
                for (int i = 0; i < many; i++) {
                    opened.add(others.submit(() -> {
                        start.await();
                        try (Store store = Store.open(file)) {
                            return store.agent("a").tryPut(PLAN, "x").isCommitted();
                        }
                    }));
                }
                for (Future<Boolean> each : opened) {
                    assertThat(each.get()).isTrue();
                }
            }
        } finally {
            others.shutdown();
        }
    }

    @Test
    void deletion_withIfAbsent_isRefused_andLeavesNoTombstone() {
        try (Store store = Store.open(config())) {
            assertThatThrownBy(() -> {
                        WriteResult<String> unused = store.agent("a").tryDelete(OTHER, Precondition.ifAbsent());
                    })
                    .isInstanceOf(InvalidInputException.class);
            assertThat(store.history().of(OTHER)).isEmpty();
        }
    }

    @Test
    void leaseOfOverflowingDuration_isOutOfBounds() {
        assertThatThrownBy(() -> Lease.of(Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(InvalidInputException.class);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("agents.db"));
    }

    private Connection writing() throws SQLException {
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
        }
        return connection;
    }
}
