package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.StorageException;
import dev.fencepost.file.Contention;
import dev.fencepost.file.ThinProvisionedDisk;
import dev.fencepost.internal.sql.VersionTables.NextVersion;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Tasks of one batch on a disk that accepts writes and cannot store them. */
@EnabledIf("dev.fencepost.file.ThinProvisionedDisk#isPossible")
class UnforcedBatchTest extends QueueFixture {
    private static final String LONG = "x".repeat(100_000);

    private ThinProvisionedDisk disk;

    @BeforeEach
    void open() throws IOException {
        disk = new ThinProvisionedDisk(folder);
        open(disk.folder().resolve("a.db"), Durability.POWER_LOSS);
    }

    @Override
    @AfterEach
    void close() throws IOException {
        try (ThinProvisionedDisk closing = disk) {
            assertThat(closing).isNotNull();
            super.close();
        }
    }

    private QueuedTask<CommitDecision> putting(String text) {
        return puttingInto(Key.text("k"), text);
    }

    @Test
    void unsyncedBatch_commitIsUnknown_readFails() throws IOException {
        long before = queue.submit(scope -> scope.sequence("planner"));
        QueuedTask<CommitDecision> commit = putting(LONG);
        QueuedTask<Long> answer = queue.enqueue(WriteTransaction::lastSequence);
        disk.fill();
        OutcomeUnknownException unknown = (OutcomeUnknownException) catchThrowable(() -> queue.await(commit));
        assertThat(unknown.commit().sequence()).isEqualTo(before + 1);
        assertThatThrownBy(() -> queue.await(answer))
                .isInstanceOf(StorageException.class)
                .isNotInstanceOf(OutcomeUnknownException.class);
        disk.giveRoom();
        long after = queue.submit(scope -> scope.sequence("planner"));
        assertThat(after).isBetween(before + 1, before + 2);
    }

    /** In contention, a commit is in the file before its fsync, and the disk reports the failure to one thread only. */
    @Test
    void commitInTheFile_perhapsNotOnDisk_isUnknown() throws Exception {
        try (Contention others = new Contention(config.file())) {
            assertThat(others).isNotNull();
            long before = queue.submit(scope -> scope.sequence("planner"));
            while (!queue.hasTurn()) {
                queue.takeTurn();
            }
            disk.fill();
            bySomebodyWhoDoesNotWaitForTheDisk("INSERT INTO current_values (key, value) VALUES ('k', '" + LONG + "')");
            // The edit by hand has two rows in the log, before the row of the leader's commit.
            FutureTask<Long> leader = lead();
            assertThatThrownBy(queue::awaitDurable).isInstanceOf(StorageException.class);
            disk.giveRoom();
            goOn.countDown();
            assertThatThrownBy(leader::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            OutcomeUnknownException.class,
                            unknown -> assertThat(unknown.commit().sequence()).isEqualTo(before + 3));
            assertThat(disk.folder().resolve("a.db-fsync-failed")).doesNotExist();
            assertThat(queue.submit(WriteTransaction::lastSequence)).isEqualTo(before + 3);
        }
    }

    /** Writes as a process with the lowest durability does. */
    private void bySomebodyWhoDoesNotWaitForTheDisk(String statement) throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + config.file());
                Statement sql = other.createStatement()) {
            sql.execute("PRAGMA synchronous = OFF");
            sql.execute(statement);
        }
    }

    /** A task whose changes must survive a loss of power or not, as its result tells. */
    private CommitTask<Boolean> forcedLate(boolean survives) {
        return new CommitTask<>() {
            @Override
            public Boolean apply(WriteTransaction scope) {
                NextVersion next = new NextVersion(scope.values().insertKey("late"), null, LONG);
                assertThat(scope.insertSingle("planner", next, 0)).isPresent();
                return survives;
            }

            @Override
            public boolean isForcedLate() {
                return true;
            }

            @Override
            public boolean mustSurvive(Boolean result) {
                return result;
            }
        };
    }

    @Test
    void lateTask_thatMustSurvive_awaitsTheDisk() throws IOException {
        assertThat(queue.await(putting("short"))).isInstanceOf(CommitDecision.Applied.class);
        disk.fill();
        assertThatThrownBy(() -> queue.submit(forcedLate(true))).isInstanceOf(OutcomeUnknownException.class);
        disk.giveRoom();
    }

    @Test
    void lateTask_thatNeedNotSurvive_awaitsNoDisk() throws IOException {
        assertThat(queue.await(putting("short"))).isInstanceOf(CommitDecision.Applied.class);
        disk.fill();
        assertThat(queue.submit(forcedLate(false))).isFalse();
        disk.giveRoom();
    }

    @Test
    void unsyncedSingleStatement_isUnknown() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(queue.await(putting("short"))).isInstanceOf(CommitDecision.Applied.class);
        }
        disk.fill();
        QueuedTask<CommitDecision> alone = putting(LONG);
        OutcomeUnknownException unknown = (OutcomeUnknownException) catchThrowable(() -> queue.await(alone));
        assertThat(unknown.commit().sequence()).isEqualTo(4);
        assertThat(disk.folder().resolve("a.db-fsync-failed")).exists();
        disk.giveRoom();
        assertThat(queue.await(putting("after"))).isInstanceOf(CommitDecision.Applied.class);
        assertThat(disk.folder().resolve("a.db-fsync-failed")).doesNotExist();
    }
}
