package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The current state of a cursor.
 *
 * @param key the key that the consumer claims
 * @param claim the claim that is held on the key
 * @param handled the newest log entry that was handled, if it is in the middle of a commit; otherwise 0
 * @param attempts the number of failed attempts at the next change
 */
public record CursorRow(
        String cursor,
        String key,
        String source,
        String prefix,
        long at,
        long movedAt,
        Optional<Long> claim,
        long handled,
        int attempts) {
    private static final int HANDLED = 8;
    private static final int ATTEMPTS = 9;

    static CursorRow of(ResultSet rs) throws SQLException {
        return new CursorRow(
                StrictText.of(rs, 1),
                StrictText.of(rs, 2),
                StrictText.of(rs, 3),
                StrictText.of(rs, 4),
                rs.getLong(5),
                rs.getLong(6),
                Nullables.number(rs, 7),
                rs.getLong(HANDLED),
                rs.getInt(ATTEMPTS));
    }
}
