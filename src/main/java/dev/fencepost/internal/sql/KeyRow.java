package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The current state of a key: its newest version and its epoch.
 *
 * @param id the ID of its row; 0 if it has none
 * @param sequence the sequence of the newest version; 0 if there is none
 * @param claim the claim that is held on the key
 * @param latest the row of the newest version in the log; 0 if there is none
 */
public record KeyRow(
        long id,
        String key,
        long version,
        boolean present,
        long sequence,
        long epoch,
        Optional<Long> claim,
        long latest) {
    /** Returns the state of a key that was never written nor claimed. */
    public static KeyRow unknown(String key) {
        return new KeyRow(0, key, 0, false, 0, 0, Optional.empty(), 0);
    }

    static KeyRow of(ResultSet rs) throws SQLException {
        return of(rs, 0);
    }

    /** Reads a row from the columns after the given number. */
    static KeyRow of(ResultSet rs, int after) throws SQLException {
        long claim = rs.getLong(after + 7);
        return new KeyRow(
                rs.getLong(after + 1),
                rs.getString(after + 2),
                rs.getLong(after + 3),
                rs.getInt(after + 4) != 0,
                rs.getLong(after + 5),
                rs.getLong(after + 6),
                claim == 0 ? Optional.empty() : Optional.of(claim),
                rs.getLong(after + 8));
    }
}
