package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.Precondition;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.util.Deadline;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commits by transaction and by single statement, and their records. */
class GroupCommitterTest extends QueueFixture {
    private static final Key<String> KEY = Key.text("k");
    private static final String ALONE = "alone";
    private static final String LONG = "x".repeat(1 << 20);
    private static final String TOGETHER = "in a transaction";

    private final List<String> ways = new ArrayList<>();
    private Path file;

    @BeforeEach
    void open() {
        file = folder.resolve("a.db");
        open(file, Durability.PROCESS_DEATH);
    }

    /** A write that records how it was committed. */
    private class Watched implements CommitTask<CommitDecision> {
        private final CommitValidator judge;

        Watched(Precondition<String> asked, String text) {
            CommitRequest request = new CommitRequest(
                    "planner", List.of(new WriteEncoder(config).put(KEY, text, asked)), List.of(), Optional.empty());
            judge = new CommitValidator(
                    request,
                    new FencingCheck("store"),
                    new LivenessChecker(new ProcessProbe(), config.heartbeat()),
                    false,
                    null,
                    false);
        }

        @Override
        public CommitDecision apply(WriteTransaction scope) {
            ways.add(TOGETHER);
            return judge.apply(scope);
        }

        @Override
        public Optional<CommitDecision> applyAlone(WriteTransaction scope) {
            ways.add(ALONE);
            return judge.applyAlone(scope);
        }

        @Override
        public List<VersionRow> written(CommitDecision decision) {
            return judge.written(decision);
        }
    }

    private QueuedTask<CommitDecision> putting(String text) {
        return queue.enqueue(new Watched(Precondition.none(), text));
    }

    private CommitIdentity put() {
        QueuedTask<CommitDecision> pending = putting("v");
        assertThat(queue.await(pending)).isInstanceOf(CommitDecision.Applied.class);
        return pending.commit().orElseThrow();
    }

    private List<String> waysOf(Runnable work) {
        ways.clear();
        work.run();
        return List.copyOf(ways);
    }

    private void openForALossOfPower() throws IOException {
        close();
        open(file, Durability.POWER_LOSS);
    }

    /** Commits until a single write needs no transaction. */
    private void settleIn() {
        put();
        put();
        assertThat(waysOf(this::put)).containsExactly(ALONE);
    }

    private void bySomebodyElse(String... statements) {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement sql = other.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void singleStatement_onceRegisteredAndLastWriter_suffices() {
        assertThat(waysOf(this::put)).containsExactly(TOGETHER);
        assertThat(waysOf(this::put)).containsExactly(TOGETHER);
        for (int i = 0; i < 3; i++) {
            assertThat(waysOf(this::put)).containsExactly(ALONE);
        }
        assertThat(highWater.value()).isEqualTo(5);
        assertThat(queue.submit(WriteTransaction::lastSequence)).isEqualTo(5);
    }

    @Test
    void rolledBackVersion_isNotTheBaseOfTheNext() {
        settleIn();
        QueuedTask<CommitDecision> applied = putting("v");
        QueuedTask<Object> failing = queue.enqueue(scope -> {
            throw new IllegalStateException("on purpose");
        });
        assertThat(queue.await(applied)).isInstanceOf(CommitDecision.Applied.class);
        assertThatThrownBy(() -> queue.await(failing)).hasMessage("on purpose");
        put();
    }

    @Test
    void singleStatement_afterForeignCommit_fallsBackToTransaction() {
        settleIn();
        bySomebodyElse("UPDATE current_values SET value = 'theirs' WHERE key = 'k'");
        assertThat(waysOf(this::put)).containsExactly(ALONE, TOGETHER);
        assertThat(waysOf(this::put)).containsExactly(TOGETHER);
        assertThat(waysOf(this::put)).containsExactly(ALONE);
        // The edit by hand has two rows in the log.
        assertThat(highWater.value()).isEqualTo(8);
    }

    @Test
    void markedWal_isRepairedInATransaction() throws IOException {
        openForALossOfPower();
        settleIn();
        Path mark = Files.createFile(folder.resolve("a.db-fsync-failed"));
        assertThat(waysOf(this::put)).containsExactly(TOGETHER);
        assertThat(mark).doesNotExist();
        assertThat(waysOf(this::put)).containsExactly(ALONE);
        Files.createFile(mark);
        queue.awaitDurable();
        assertThat(mark).doesNotExist();
    }

    /** A commit notice is a write to the file of the writer queue, which watchers of the folder see. */
    @Test
    void everyCommit_onEitherPath_isNotified() throws IOException {
        openForALossOfPower();
        settleIn();
        try (FileChannel bell = FileChannel.open(folder.resolve("a.db-queue"), StandardOpenOption.WRITE)) {
            bell.truncate(0);
            assertThat(waysOf(this::put)).containsExactly(ALONE);
            assertThat(bell.size()).isPositive();
            bell.truncate(0);
            queue.submit(scope -> scope.sequence("planner"));
            assertThat(bell.size()).isPositive();
        }
    }

    @Test
    void concurrentTasks_shareATransaction() {
        settleIn();
        ways.clear();
        QueuedTask<CommitDecision> first = putting("1");
        QueuedTask<CommitDecision> second = putting("2");
        assertThat(queue.await(first)).isInstanceOf(CommitDecision.Applied.class);
        assertThat(queue.await(second)).isInstanceOf(CommitDecision.Applied.class);
        assertThat(ways).containsExactly(TOGETHER, TOGETHER);
    }

    @Test
    void turn_withoutContention_isNotKept() {
        settleIn();
        assertThat(queue.submit(REFUSED)).isEqualTo("refused");
        assertThat(queue.hasTurn()).isFalse();
    }

    @Test
    void commitsOfOneProcess_onEitherPath_areNumberedWithoutGaps() {
        settleIn();
        CommitIdentity fourth = put();
        assertThat(fourth.ordinal()).isEqualTo(4);
        assertThat(fourth.sequence()).isEqualTo(4);
        ways.clear();
        QueuedTask<CommitDecision> refused = queue.enqueue(new Watched(Precondition.ifVersion(9), "v"));
        assertThat(queue.await(refused)).isInstanceOf(CommitDecision.Refused.class);
        assertThat(ways).containsExactly(ALONE, TOGETHER);
        assertThat(refused.commit()).isEmpty();
        assertThat(put()).isEqualTo(new CommitIdentity(fourth.process(), 5, 5));
    }

    /**
     * The value is longer than the cache takes from the change log. The cache cannot read it, since the readers are
     * closed.
     */
    @Test
    void writtenValues_onEitherPath_areCachedAtOnce() {
        // The number of frames distinguishes one commit from several only after more commits than frames.
        for (int i = 0; i < 30; i++) {
            put();
        }
        assertThat(cache.latest("k")).isPresent();
        reads.close();
        queue.await(putting("1".repeat(5_000)));
        assertThat(cache.latest("k").orElseThrow().text()).contains("1".repeat(5_000));
        QueuedTask<CommitDecision> first = putting("2".repeat(5_000));
        QueuedTask<CommitDecision> second = putting("3".repeat(5_000));
        queue.await(first);
        queue.await(second);
        assertThat(cache.latest("k").orElseThrow().text()).contains("3".repeat(5_000));
        assertThat(ways).endsWith(ALONE, ALONE, TOGETHER, TOGETHER);
    }

    /** The WAL has about 4,000 pages. A task reports how many it writes; for values, the committer knows. */
    @Test
    void longWal_isCheckpointed_countingLongValues() throws IOException {
        queue.change(scope -> {
            scope.writesMore(1_900);
            scope.writesMore(1_900);
        });
        queue.await(putting(LONG));
        awaitFileOf(LONG.length());
    }

    @Test
    void longWal_isCheckpointed_countingReportedPages() throws IOException {
        queue.await(putting(LONG));
        queue.change(scope -> {
            scope.writesMore(2_000);
            scope.writesMore(2_000);
        });
        awaitFileOf(LONG.length());
    }

    @Test
    void checkpointerThread_endsWithTheQueue() throws InterruptedException {
        Set<Thread> before = checkpointers();
        queue.change(scope -> scope.writesMore(4_000));
        Set<Thread> started = checkpointers();
        started.removeAll(before);
        assertThat(started).hasSize(1);
        queue.close();
        for (Thread thread : started) {
            thread.join(30_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private static Set<Thread> checkpointers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("fencepost-checkpointer"))
                .collect(Collectors.toSet());
    }

    private void awaitFileOf(long bytes) throws IOException {
        while (Files.size(file) < bytes) {
            Thread.onSpinWait();
        }
    }

    private void moveAway() {
        try {
            Files.move(file, folder.resolve("elsewhere.db"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the path is due for another check. */
    private static void passSomeTime() {
        Deadline pause = Deadline.after(Duration.ofMillis(5));
        while (!pause.over()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void fileMoved_duringWaitForWriteLock_isRefused() throws Exception {
        put();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement sql = other.createStatement()) {
            sql.execute("BEGIN IMMEDIATE");
            QueuedTask<CommitDecision> waits = putting("v");
            FutureTask<CommitDecision> waiting = new FutureTask<>(() -> queue.await(waits));
            Thread thread = new Thread(waiting);
            thread.start();
            while (!isAwaitingLock(thread)) {
                Thread.onSpinWait();
            }
            moveAway();
            passSomeTime();
            sql.execute("ROLLBACK");
            assertThatThrownBy(waiting::get).hasCauseInstanceOf(UnusableStoreException.class);
        }
    }

    private static boolean isAwaitingLock(Thread thread) {
        return List.of(thread.getStackTrace()).stream()
                .anyMatch(frame -> frame.getClassName().endsWith("BusyRetryHandler"));
    }

    @Test
    void fileMoved_duringTransaction_isNotAcknowledged() {
        settleIn();
        assertThatThrownBy(() -> queue.change(scope -> {
                    moveAway();
                    passSomeTime();
                    scope.writesMore(1);
                }))
                .isInstanceOf(FencepostException.class)
                .hasRootCauseInstanceOf(UnusableStoreException.class);
    }

    @Test
    void fileMoved_duringSingleStatement_isUnknown() {
        settleIn();
        QueuedTask<CommitDecision> moving = queue.enqueue(new Watched(Precondition.none(), "v") {
            @Override
            public Optional<CommitDecision> applyAlone(WriteTransaction scope) {
                moveAway();
                passSomeTime();
                return super.applyAlone(scope);
            }
        });
        assertThatThrownBy(() -> queue.await(moving)).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void awaitDurable_onMovedFile_isRefused() throws Exception {
        put();
        Path elsewhere = folder.resolve("elsewhere.db");
        Files.move(file, elsewhere);
        assertThatThrownBy(queue::awaitDurable).isInstanceOf(UnusableStoreException.class);
        Files.move(elsewhere, file);
        queue.awaitDurable();
    }
}
