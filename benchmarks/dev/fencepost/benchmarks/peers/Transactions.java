package dev.fencepost.benchmarks.peers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** How a transaction begins and ends on one connection. */
interface Transactions {
    /** Begins one that will write. */
    void begin() throws SQLException;

    /** Returns when it is as durable as asked. */
    void commit() throws SQLException;

    void rollback() throws SQLException;

    /** Whether a failure passes if the transaction is tried again. */
    boolean passes(SQLException failure);

    /**
     * SQLite's, with the write lock taken at the beginning. As statements of their own, since the driver's commit begins
     * the next transaction at once, and would keep the lock for ever.
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

    /** Whether others have had SQLite's write lock for longer than the busy timeout. */
    private static boolean isBusy(SQLException e) {
        return (e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
    }
}
