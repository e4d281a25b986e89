package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** SQLite through plain JDBC: a connection for each thread, SQLite's busy timeout, and a retry loop. */
final class RawJdbcPeer implements Peer {
    private final Path file;
    private final Durability durability;
    private final String[] keys;
    private final LastSeenVersions seen;

    private RawJdbcPeer(Path file, Durability durability, int keys) {
        this.file = file;
        this.durability = durability;
        this.keys = BenchmarkValues.keys(keys);
        this.seen = new LastSeenVersions(keys);
    }

    static Peer open(Path folder, Durability durability, int keys) throws SQLException {
        Path file = folder.resolve("plain.db");
        try (Connection connection = PlainTables.sqlite(file, durability)) {
            PlainTables.fill(connection, keys);
        }
        return new RawJdbcPeer(file, durability, keys);
    }

    @Override
    public Worker worker() throws SQLException {
        Connection connection = PlainTables.sqlite(file, durability);
        return new JdbcWorker(seen, connection, Transactions.sqlite(connection), keys);
    }

    @Override
    public VerificationTotals tally() throws SQLException {
        return PlainTables.tally(file, keys.length);
    }

    @Override
    public void close() {}
}
