package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Durability;
import dev.fencepost.file.Contention;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The writer's turn between processes: the commits that keep it, and those that pass it on. */
class WriterTurnRetentionTest extends QueueFixture {
    /** The byte that the writer whose turn it is has locked. */
    private static final long TURN = 9;

    private Contention others;
    private FileChannel probe;

    @BeforeEach
    void open() throws IOException {
        Path file = folder.resolve("a.db");
        open(file, Durability.PROCESS_DEATH);
        others = new Contention(file);
        probe = FileChannel.open(folder.resolve("a.db-queue"), StandardOpenOption.WRITE);
    }

    /** Closing any channel of a file releases all locks of the process on it, so this comes last. */
    @Override
    @AfterEach
    void close() throws IOException {
        super.close();
        probe.close();
        others.close();
    }

    private void write() {
        queue.submit(scope -> scope.sequence("planner"));
    }

    /**
     * Retries, since no turn can be taken before the first commit, or while the other process has been silent for a
     * while.
     */
    private void takeTurn() {
        write();
        while (!queue.hasTurn()) {
            queue.takeTurn();
        }
        assertThat(isHeld()).isTrue();
    }

    /** Returns whether this process has the turn. */
    private boolean isHeld() {
        try (FileLock lock = probe.tryLock(TURN, 1, false)) {
            assertThat(lock).isNotNull();
            return false;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void assertTurn(boolean kept) {
        assertThat(queue.hasTurn()).isEqualTo(kept);
        assertThat(isHeld()).isEqualTo(kept);
    }

    @Test
    void turn_beforeTheFirstCommit_isNotTaken() {
        queue.takeTurn();
        assertTurn(false);
    }

    @Test
    void takenTurn_isHeldUntilItIsLeft() {
        takeTurn();
        queue.leaveTurn();
        assertTurn(false);
    }

    @Test
    void refusedTask_retryingAtOnce_keepsTheTurn() {
        takeTurn();
        assertThat(queue.submit(REFUSED)).isEqualTo("refused");
        assertTurn(true);
    }

    @Test
    void refusedTask_amongReadOnlyTasks_keepsTheTurn() {
        takeTurn();
        QueuedTask<Boolean> other = queue.enqueue(scope -> true);
        assertThat(queue.submit(REFUSED)).isEqualTo("refused");
        assertThat(queue.await(other)).isTrue();
        assertTurn(true);
    }

    @Test
    void taskWithoutRetry_passesTheTurnOn() {
        takeTurn();
        assertThat(queue.submit(WriteTransaction::lastSequence)).isEqualTo(1);
        assertTurn(false);
    }

    @Test
    void batchWithAWrite_passesTheTurnOn_despiteARetry() {
        takeTurn();
        QueuedTask<Long> other = queue.enqueue(scope -> scope.sequence("other"));
        assertThat(queue.submit(REFUSED)).isEqualTo("refused");
        assertThat(queue.await(other)).isEqualTo(2);
        assertTurn(false);
    }

    @Test
    void failedTransaction_passesTheTurnOn() {
        takeTurn();
        assertThatThrownBy(() -> queue.submit(scope -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertTurn(false);
    }
}
