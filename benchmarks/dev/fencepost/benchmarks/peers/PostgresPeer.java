package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;

/**
 * PostgreSQL with its default settings, one round trip of a prepared statement, and a connection for each thread.
 *
 * <p>For process death it acknowledges before it writes its log, which takes at most three times 200 ms. An
 * acknowledged commit survives the death of a client or of one server process, but not of all at once. Fencepost
 * guarantees more.
 */
final class PostgresPeer extends JdbcPeer {
    private static final String COMMIT = "WITH moved AS (" + PlainTables.UPDATE
            + " RETURNING key, version, epoch, value)"
            + " INSERT INTO history (key, version, epoch, value, agent, committed_at)"
            + " SELECT key, version, epoch, value, ?, ? FROM moved";

    private final PostgresServer server;

    private PostgresPeer(PostgresServer server, int keys) {
        super(keys);
        this.server = server;
    }

    static Peer open(Path folder, Durability durability, int keys)
            throws IOException, SQLException, InterruptedException {
        PostgresServer server = PostgresServer.start(folder.toAbsolutePath().getParent(), durability);
        try (Connection connection = server.connect()) {
            PlainTables.fill(connection, keys);
            try (Statement statement = connection.createStatement()) {
                statement.execute("VACUUM ANALYZE");
            }
        } catch (SQLException | RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return new PostgresPeer(server, keys);
    }

    @Override
    Connection connect() throws SQLException {
        return server.connect();
    }

    @Override
    List<ProcessHandle> servers() {
        return server.processes();
    }

    @Override
    Worker worker() throws SQLException {
        return new PostgresWorker(connect());
    }

    /** One statement instead of a transaction. */
    private final class PostgresWorker extends JdbcWorker {
        private final PreparedStatement commit;

        PostgresWorker(Connection connection) throws SQLException {
            super(connection);
            this.commit = connection.prepareStatement(COMMIT);
            commit.setString(5, BenchmarkValues.WRITER);
        }

        @Override
        OptionalLong attempt(int key, long before) throws SQLException {
            commit.setLong(6, System.currentTimeMillis());
            return PlainTables.update(commit, keys[key], before) == 1
                    ? OptionalLong.empty()
                    : OptionalLong.of(PlainTables.version(version, keys[key]));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
