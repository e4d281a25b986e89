package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.StorageException;
import dev.fencepost.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The WAL after a failed fsync, in any process. */
@Timeout(60)
class WriteSessionTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(0);

    @TempDir
    Path folder;

    private StoreFile file;
    private WriterQueue writerQueue;
    private WalSync force;
    private WriteSession session;

    @BeforeEach
    void open() {
        file = StoreOpener.open(StoreConfig.of(folder.resolve("a.db")));
        writerQueue = new WriterQueue(file.path());
        force = new WalSync(file.path());
        session = file.sqlite().openForCommits(writerQueue, force, new FileVerifier(file.path(), () -> null, () -> 0));
    }

    @AfterEach
    void close() {
        session.close();
        writerQueue.close();
        force.close();
    }

    private void write(String key) {
        session.session().change("INSERT INTO current_values (key, value) VALUES (?, 'x')", key);
    }

    private void commit(String key) {
        session.begin(false);
        write(key);
        session.commit(false, true);
    }

    /** Commits more than one rewrite handles at a time, with no two parts alike. */
    private void commitMuch() {
        StringBuilder much = new StringBuilder();
        for (int i = 0; much.length() < 2_500_000; i++) {
            much.append(i).append(' ');
        }
        session.begin(false);
        for (int from = 0; from < much.length(); from += 10_000) {
            session.session()
                    .change(
                            "INSERT INTO current_values (key, value) VALUES (?, ?)",
                            "much/" + from,
                            much.substring(from, Math.min(from + 10_000, much.length())));
        }
        session.commit(false, true);
    }

    private boolean wasWrittenAgain() throws IOException {
        return Files.getLastModifiedTime(file.log()).compareTo(LONG_AGO) > 0;
    }

    @Test
    void fsyncFailureReportedToAnother_failsThisCommit() {
        writerQueue.await();
        session.begin(false);
        write("1");
        force.markFailed();
        assertThatThrownBy(() -> session.commit(false, true))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("failed during the fsync of the commit");
    }

    @Test
    void failedFsync_marksTheWal_andFailsTheCommit() throws IOException {
        writerQueue.await();
        session.begin(false);
        write("1");
        force.open().close();
        assertThatThrownBy(() -> session.commit(false, true))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("The disk failed during an fsync of");
        assertThat(force.isFailed()).isTrue();
    }

    /** The commit of a task whose result decided it. */
    @Test
    void lateCommit_thatNeedNotSurvive_awaitsNoFsync() throws IOException {
        session.begin(true);
        write("1");
        force.open().close();
        session.commit(false, false);
        assertThat(force.isFailed()).isFalse();
    }

    @Test
    void lateCommit_thatMustSurvive_awaitsTheFsync() throws IOException {
        session.begin(true);
        write("1");
        force.open().close();
        assertThatThrownBy(() -> session.commit(false, true)).isInstanceOf(StorageException.class);
        assertThat(force.isFailed()).isTrue();
    }

    @Test
    void commitAfterLateOne_isForcedBySqlite() throws IOException {
        session.begin(true);
        session.commit(false, false);
        session.begin(false);
        write("1");
        assertThat(session.session().number("PRAGMA synchronous")).isEqualTo(2);
        session.commit(false, true);
    }

    @Test
    void refusedTransaction_awaitsNoFsync_andKeepsTheTurn() throws IOException {
        writerQueue.await();
        session.begin(false);
        force.open().close();
        session.endRefused();
        assertThat(force.isFailed()).isFalse();
        assertThat(session.hasTurn()).isTrue();
        session.begin(false);
        session.rollback(new StorageException("not the disk", new IOException("none")));
    }

    @Test
    void fsyncFailureBeforeTheTransaction_doesNotFailIt() {
        writerQueue.await();
        force.markFailed();
        commit("1");
        assertThat(force.isFailed()).isFalse();
    }

    @Test
    void failedMark_isSeenByAll() {
        try (WalSync other = new WalSync(file.path())) {
            assertThat(other.isFailed()).isFalse();
            force.markFailed();
            force.markFailed();
            assertThat(other.isFailed()).isTrue();
        }
    }

    @Test
    void markedWal_isRewrittenUnchanged_underTheWriteLock() throws IOException {
        commitMuch();
        byte[] before = Files.readAllBytes(file.log());
        force.markFailed();
        Files.setLastModifiedTime(file.log(), LONG_AGO);
        session.begin(false);
        assertThat(force.isFailed()).isFalse();
        assertThat(wasWrittenAgain()).isTrue();
        assertThat(Files.readAllBytes(file.log())).isEqualTo(before);
        write("1");
        session.commit(false, true);
    }

    @Test
    void unmarkedWal_isNotRewritten() throws IOException {
        commit("1");
        Files.setLastModifiedTime(file.log(), LONG_AGO);
        session.begin(false);
        assertThat(wasWrittenAgain()).isFalse();
        session.commit(false, true);
    }

    @Test
    void singleStatement_onMarkedWal_isNotAllowed() {
        commit("1");
        assertThat(session.isAlone()).isTrue();
        session.leaveTurn();
        force.markFailed();
        assertThat(session.isAlone()).isFalse();
        commit("2");
        assertThat(session.isAlone()).isTrue();
        session.leaveTurn();
    }

    @Test
    void markedWal_isRewrittenBeforeTheCheckpoint() throws IOException {
        commit("1");
        force.markFailed();
        Files.setLastModifiedTime(file.log(), LONG_AGO);
        try (CheckpointSession checkpoints = file.sqlite().openForCheckpoints(force)) {
            assertThat(checkpoints.move().pages()).isPositive();
        }
        assertThat(force.isFailed()).isFalse();
        assertThat(wasWrittenAgain()).isTrue();
    }

    @Test
    void failedCommit_marksTheWal() {
        // There is nothing to commit. SQLite refuses this in the same way as it reports a failed disk.
        Throwable failure = catchThrowable(() -> session.commit(false, true));
        assertThat(failure).isInstanceOf(StorageException.class);
        session.rollback(failure);
        assertThat(force.isFailed()).isTrue();
    }

    @Test
    void failureBeforeTheCommit_doesNotMarkTheWal() {
        session.begin(false);
        session.rollback(new StorageException("not the disk", new IOException("none")));
        assertThat(force.isFailed()).isFalse();
    }
}
