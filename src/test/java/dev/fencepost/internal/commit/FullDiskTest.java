package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.StorageException;
import dev.fencepost.file.TestMounts;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.CommitIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commits that do not fit on the disk. Where there is room for a small commit, they are known not to be applied. */
class FullDiskTest extends QueueFixture {
    private static final String LONG = "x".repeat(200_000);
    /** Room for a few pages of a commit, but not for a long value, in bytes. */
    private static final int LITTLE = 60_000;

    private final TestMounts mounts = new TestMounts();
    private Path ballast = Path.of("");

    @BeforeEach
    void open() throws IOException {
        Path small = Files.createDirectory(folder.resolve("small"));
        mounts.small(small, "3m");
        ballast = small.resolve("ballast");
        open(small.resolve("a.db"), Durability.PROCESS_DEATH);
    }

    @Override
    @AfterEach
    void close() throws IOException {
        try (mounts) {
            Files.deleteIfExists(ballast);
            super.close();
        }
    }

    private void leaveRoom(long bytes) throws IOException {
        try (OutputStream filling = Files.newOutputStream(ballast)) {
            byte[] piece = new byte[4_096];
            while (true) {
                filling.write(piece);
            }
        } catch (IOException e) {
            try (FileChannel full = FileChannel.open(ballast, StandardOpenOption.WRITE)) {
                full.truncate(full.size() - bytes);
            }
        }
    }

    private QueuedTask<CommitDecision> putting(String text) {
        return puttingInto(Key.text("k"), text);
    }

    private CommitIdentity put() {
        QueuedTask<CommitDecision> pending = putting("v");
        assertThat(queue.await(pending)).isInstanceOf(CommitDecision.Applied.class);
        return pending.commit().orElseThrow();
    }

    private StorageException failure(QueuedTask<CommitDecision> pending) {
        Throwable failure = catchThrowable(() -> queue.await(pending));
        assertThat(failure)
                .isInstanceOf(StorageException.class)
                .isNotInstanceOf(OutcomeUnknownException.class)
                .hasMessageContainingAll("was not applied", "The disk is full");
        return (StorageException) failure;
    }

    private void assertNobodyHasTheWriteLock() throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + config.file());
                Statement sql = other.createStatement()) {
            sql.execute("PRAGMA busy_timeout = 0");
            sql.execute("BEGIN IMMEDIATE");
            sql.execute("ROLLBACK");
        }
    }

    private long heartbeat() {
        return reads.read(session -> new ClaimTables(session)
                .process(queue.process().orElseThrow())
                .orElseThrow()
                .heartbeatAt());
    }

    /**
     * A later commit overwrites the failed one in the WAL, so that it cannot reappear. That commit must write
     * something.
     */
    @Test
    void failedCommit_isOverwritten_beforeItIsReported() throws IOException {
        for (int i = 0; i < 3; i++) {
            put();
        }
        leaveRoom(LITTLE);
        clock.advance(Duration.ofMinutes(1));
        assertThat(failure(putting(LONG)).getCause()).hasNoSuppressedExceptions();
        assertThat(heartbeat()).isEqualTo(clock.millis());
        QueuedTask<CommitDecision> first = putting("short");
        QueuedTask<CommitDecision> second = putting(LONG);
        clock.advance(Duration.ofMinutes(1));
        failure(first);
        failure(second);
        assertThat(heartbeat()).isEqualTo(clock.millis());
        assertThat(queue.submit(WriteTransaction::lastSequence)).isEqualTo(3);
        assertThat(put().sequence()).isEqualTo(4);
    }

    @Test
    void firstCommit_notFitting_stillRegistersTheProcessOnce() throws IOException {
        leaveRoom(LITTLE);
        failure(putting(LONG));
        long process = queue.process().orElseThrow();
        assertThat(put().process()).isEqualTo(process);
        assertThat(queue.process()).contains(process);
    }

    @Test
    void failedCommit_onFullDisk_isNotApplied() throws Exception {
        for (int i = 0; i < 3; i++) {
            put();
        }
        leaveRoom(0);
        assertThat(failure(putting(LONG)).getCause().getSuppressed()).isNotEmpty();
        assertNobodyHasTheWriteLock();
        Files.delete(ballast);
        assertThat(put().sequence()).isEqualTo(4);
    }
}
