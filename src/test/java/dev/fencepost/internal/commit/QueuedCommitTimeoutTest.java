package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Durability;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.util.Patience;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The write lock timeout of tasks, which starts when they are queued, under any leader. */
class QueuedCommitTimeoutTest extends QueueFixture {
    private static final Patience LONG = Patience.of(Duration.ofHours(1));

    private Path file;

    @BeforeEach
    void open() {
        file = folder.resolve("a.db");
        open(file, Durability.PROCESS_DEATH);
    }

    private <R> QueuedTask<R> enqueue(Patience patience, CommitTask<R> member) {
        return patience.during(() -> queue.enqueue(member));
    }

    private Connection writing() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
        }
        return connection;
    }

    @Test
    void membersOfOneBatch_waitAsLongAsTheirOwnCallers() throws Exception {
        Patience over = Patience.of(Duration.ZERO);
        FutureTask<String> patient = new FutureTask<>(() -> queue.await(enqueue(LONG, scope -> "done")));
        QueuedTask<String> impatient;
        try (Connection other = writing()) {
            assertThat(other.isClosed()).isFalse();
            impatient = enqueue(over, scope -> "done");
            inBackground(patient);
            while (!impatient.done()) {
                Thread.onSpinWait();
            }
            assertThat(patient.isDone()).isFalse();
        }
        assertThat(patient.get()).isEqualTo("done");
        assertThatThrownBy(impatient::outcome).isInstanceOf(WriteLockTimeoutException.class);
    }

    /** Its caller has already waited in the queue up to its timeout. */
    @Test
    void expiredTask_getsNoNewWait() throws Exception {
        queue.submit(scope -> scope.sequence("planner"));
        queue.submit(scope -> scope.sequence("planner"));
        try (Connection other = writing()) {
            assertThat(other.isClosed()).isFalse();
            Patience over = Patience.of(Duration.ZERO);
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThatThrownBy(() -> over.during(() -> queue.submit(scope -> scope.sequence("planner"))))
                        .isInstanceOf(WriteLockTimeoutException.class);
            }
        }
        long next = queue.submit(scope -> scope.sequence("planner"));
        assertThat(next).isEqualTo(3);
    }

    @Test
    void expiredTasks_failTogether() throws Exception {
        try (Connection other = writing()) {
            assertThat(other.isClosed()).isFalse();
            Patience over = Patience.of(Duration.ZERO);
            QueuedTask<Long> first = enqueue(over, scope -> scope.sequence("planner"));
            QueuedTask<Long> second = enqueue(over, scope -> scope.sequence("planner"));
            assertThatThrownBy(() -> queue.await(first)).isInstanceOf(WriteLockTimeoutException.class);
            assertThat(second.done()).isTrue();
        }
    }
}
