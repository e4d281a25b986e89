package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * H2 in this process, on a file, with a connection for each thread. Only one process at a time can open the file.
 *
 * <p>H2 guarantees less than the other peers. By default it writes a commit to the file up to half a second after the
 * acknowledgement. Such a commit does not survive the death of the process. With a write delay of 0 it writes at once.
 * For power loss, a separate statement syncs the disk after each commit. Between the two, others can read a commit that
 * may still be lost.
 */
final class H2Peer extends JdbcPeer {
    private final String url;
    private final boolean forced;

    /** H2 closes the database with its last connection, and then rewrites it, so one stays open. */
    private final Connection kept;

    private H2Peer(Path folder, Durability durability, int keys, String... settings) throws SQLException {
        super(keys);
        this.forced = durability == Durability.POWER_LOSS;
        this.url = "jdbc:h2:file:" + folder.resolve("h2").toAbsolutePath() + ";NON_KEYWORDS=KEY,VALUE";
        this.kept = connect();
        try (Statement statement = kept.createStatement()) {
            for (String setting : settings) {
                statement.execute(setting);
            }
        }
        PlainTables.fill(kept, keys);
    }

    /** Opens H2 with its default settings, and syncs the disk if the durability requires it. */
    static Peer open(Path folder, Durability durability, int keys) throws SQLException {
        return new H2Peer(folder, durability, keys);
    }

    /** Opens H2 with each commit written before its acknowledgement, so that it survives the process. */
    static Peer openWriting(Path folder, Durability durability, int keys) throws SQLException {
        return new H2Peer(folder, durability, keys, "SET WRITE_DELAY 0");
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "sa", "");
    }

    @Override
    Worker worker() throws SQLException {
        Connection connection = connect();
        connection.setAutoCommit(false);
        return new H2Worker(connection);
    }

    private final class H2Worker extends JdbcWorker {
        private final @Nullable PreparedStatement force;

        H2Worker(Connection connection) throws SQLException {
            super(connection);
            this.force = forced ? connection.prepareStatement("CHECKPOINT SYNC") : null;
        }

        @Override
        void commit() throws SQLException {
            super.commit();
            if (force != null) {
                force.execute();
            }
        }

        /** Tells whether another transaction held the row, so that this one was rolled back. */
        @Override
        boolean passes(SQLException failure) {
            return failure.getErrorCode() == ErrorCode.LOCK_TIMEOUT_1
                    || failure.getErrorCode() == ErrorCode.DEADLOCK_1
                    || failure.getErrorCode() == ErrorCode.CONCURRENT_UPDATE_1;
        }
    }

    @Override
    public void close() throws SQLException {
        kept.close();
    }
}
