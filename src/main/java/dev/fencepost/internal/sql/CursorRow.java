package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A cursor as it stands.
 *
 * @param key on which whoever consumes holds a claim
 * @param claim that is held on it
 */
public record CursorRow(
        String cursor, String key, String source, String prefix, long at, long movedAt, Optional<Long> claim) {
    static CursorRow of(ResultSet rs) throws SQLException {
        return new CursorRow(
                StrictText.of(rs, 1),
                StrictText.of(rs, 2),
                StrictText.of(rs, 3),
                StrictText.of(rs, 4),
                rs.getLong(5),
                rs.getLong(6),
                Nullables.number(rs, 7));
    }
}
