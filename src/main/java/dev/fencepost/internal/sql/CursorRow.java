package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A cursor as it stands.
 *
 * @param key on which whoever consumes holds a claim
 * @param claim that is held on it
 * @param handled the newest entry of the log that is done, where that is in the middle of a commit; otherwise 0
 * @param attempts the number of times that the next change has failed
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
