package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A change that a subscription gave up.
 *
 * @param attempts the number of times that its handler failed
 * @param reason the last error
 * @param parkedAt the time in milliseconds since 1970, by the clock of the store that parked it
 */
public record DeadLetterRow(LogRow change, int attempts, String reason, long parkedAt) {
    static DeadLetterRow of(ResultSet rs) throws SQLException {
        return new DeadLetterRow(LogRow.ofLetter(rs), rs.getInt(10), rs.getString(11), rs.getLong(12));
    }
}
