package dev.fencepost.internal.sql;

import dev.fencepost.saga.SagaState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A saga without its input and its journal, now or as of a sequence.
 *
 * @param key the key on which its coordinator holds a claim
 * @param step the last step in its journal
 * @param reason the reason why it is stuck, compensated or ended by hand
 * @param begunAt the time of the first entry, in milliseconds
 * @param lastAt the time of the last entry, in milliseconds
 */
public record SagaSummary(
        long id,
        String saga,
        String key,
        String definition,
        int version,
        SagaState state,
        Optional<String> step,
        Optional<String> reason,
        long begunAt,
        long lastAt) {
    static SagaSummary of(ResultSet rs) throws SQLException {
        return new SagaSummary(
                rs.getLong(1),
                rs.getString(2),
                rs.getString(3),
                rs.getString(4),
                rs.getInt(5),
                SagaState.of(rs.getString(6)),
                Optional.ofNullable(rs.getString(7)),
                Optional.ofNullable(rs.getString(8)),
                rs.getLong(9),
                rs.getLong(10));
    }
}
