package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Columns that may be NULL. */
final class Nullables {
    private Nullables() {}

    static Optional<Long> number(ResultSet rs, int column) throws SQLException {
        long value = rs.getLong(column);
        return rs.wasNull() ? Optional.empty() : Optional.of(value);
    }
}
