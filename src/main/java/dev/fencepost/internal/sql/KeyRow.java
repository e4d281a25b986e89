package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A key as it stands: its newest version and its present epoch.
 *
 * @param id 0 for a key that has no row
 * @param sequence of the newest version; 0 if there is none
 * @param claim the claim that is held on it
 */
public record KeyRow(
        long id, String key, long version, boolean present, long sequence, long epoch, Optional<Long> claim) {
    /** A key that was never written nor claimed. */
    public static KeyRow unknown(String key) {
        return new KeyRow(0, key, 0, false, 0, 0, Optional.empty());
    }

    static KeyRow of(ResultSet rs) throws SQLException {
        long claim = rs.getLong(7);
        return new KeyRow(
                rs.getLong(1),
                rs.getString(2),
                rs.getLong(3),
                rs.getInt(4) != 0,
                rs.getLong(5),
                rs.getLong(6),
                claim == 0 ? Optional.empty() : Optional.of(claim));
    }
}
