package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.StoreConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointerTest {
    /** The number of commits of 1 MiB that make the WAL long enough for a restart. */
    private static final int LONG_VALUES = 20;

    @TempDir
    Path folder;

    private StoreFile file;
    private WalSync force;
    private Checkpointer checkpointer;
    private Statement writer;
    private Statement reader;

    @BeforeEach
    void open() throws SQLException {
        file = StoreOpener.open(StoreConfig.of(folder.resolve("a.db")));
        force = new WalSync(file.path());
        writer = connect();
        writer.execute("PRAGMA busy_timeout = 0");
        writer.execute("PRAGMA wal_autocheckpoint = 0");
        reader = connect();
        checkpointer = new Checkpointer(file, force);
    }

    @AfterEach
    void close() throws SQLException {
        checkpointer.close();
        for (Statement statement : new Statement[] {reader, writer}) {
            statement.getConnection().close();
        }
        force.close();
        file.close();
    }

    private Statement connect() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.path());
        return connection.createStatement();
    }

    private void fillLog() throws SQLException {
        for (int i = 0; i < LONG_VALUES; i++) {
            writer.execute("INSERT INTO current_values (key, value) VALUES ('" + i + "', hex(zeroblob(524288)))");
        }
    }

    /** SQLite alone would wait for the reader under the write lock. */
    @Test
    void readerOfOldCommits_isNotAwaitedUnderTheWriteLock() throws SQLException {
        reader.execute("BEGIN");
        reader.executeQuery("SELECT count(*) FROM commits").close();
        fillLog();
        CompletableFuture<Void> checkpoint = CompletableFuture.runAsync(checkpointer::checkpoint);
        int turns = 0;
        while (!checkpoint.isDone()) {
            writer.execute("BEGIN IMMEDIATE");
            writer.execute("ROLLBACK");
            turns++;
        }
        checkpoint.join();
        assertThat(turns).isPositive();
    }
}
