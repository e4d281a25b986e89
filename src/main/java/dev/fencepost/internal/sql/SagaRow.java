package dev.fencepost.internal.sql;

import dev.fencepost.saga.SagaState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A saga.
 *
 * @param key the key on which its coordinator holds a claim
 * @param claim the claim that is held on that key now
 */
public record SagaRow(
        long id,
        String saga,
        String key,
        String definition,
        int version,
        String input,
        Optional<Long> deadline,
        long begunSequence,
        SagaState state,
        long entries,
        long begunAt,
        Optional<Long> claim) {
    static SagaRow of(ResultSet rs) throws SQLException {
        return new SagaRow(
                rs.getLong(1),
                StrictText.of(rs, 2),
                StrictText.of(rs, 3),
                StrictText.of(rs, 4),
                rs.getInt(5),
                StrictText.of(rs, 6),
                Nullables.number(rs, 7),
                rs.getLong(8),
                SagaState.of(StrictText.of(rs, 9)),
                rs.getLong(10),
                rs.getLong(11),
                Nullables.number(rs, 12));
    }
}
