package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;

/** A process that has, or had, the store open, and the facts by which it can be recognised. */
public record ProcessRow(long id, ProcessFingerprint facts, long heartbeatAt, boolean closed) {
    static ProcessRow of(ResultSet rs) throws SQLException {
        return new ProcessRow(
                rs.getLong(1),
                new ProcessFingerprint(
                        rs.getLong(2), rs.getString(3), rs.getString(4), rs.getString(5), rs.getString(6)),
                rs.getLong(7),
                rs.getObject(8) != null);
    }
}
