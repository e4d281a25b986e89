package dev.fencepost.benchmarks.peers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** The beginning and end of transactions on one connection. */
interface Transactions {
    /** Begins a transaction that will write. */
    void begin() throws SQLException;

    /** Commits and returns when the commit is durable. */
    void commit() throws SQLException;

    void rollback() throws SQLException;

    /** Tells whether a failed transaction may succeed when it is repeated. */
    boolean passes(SQLException failure);

    /**
     * Returns SQLite's transactions, which take the write lock at the beginning. They are separate statements, because
     * the driver's commit begins the next transaction at once and would keep the lock.
     */
    static Transactions sqlite(Connection connection) throws SQLException {
        PreparedStatement begin = connection.prepareStatement("BEGIN IMMEDIATE");
        PreparedStatement commit = connection.prepareStatement("COMMIT");
        PreparedStatement rollback = connection.prepareStatement("ROLLBACK");
        return new Transactions() {
            @Override
            public void begin() throws SQLException {
                while (true) {
                    try {
                        begin.execute();
                        return;
                    } catch (SQLException e) {
                        if (!isBusy(e)) {
                            throw e;
                        }
                    }
                }
            }

            @Override
            public void commit() throws SQLException {
                commit.execute();
            }

            @Override
            public void rollback() throws SQLException {
                rollback.execute();
            }

            @Override
            public boolean passes(SQLException failure) {
                return false;
            }
        };
    }

    /** Tells whether other connections held SQLite's write lock for longer than the busy timeout. */
    private static boolean isBusy(SQLException e) {
        return (e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
    }
}
