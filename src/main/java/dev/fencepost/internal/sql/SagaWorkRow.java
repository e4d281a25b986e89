package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A piece of work that was offered.
 *
 * @param run the number of its saga
 * @param again whether another may do it after one who took it and did not report
 * @param key on which whoever does it holds a claim
 * @param epoch of that key when it was offered
 * @param presentEpoch of that key now
 * @param claim that is held on that key now
 */
public record SagaWorkRow(
        long id,
        long run,
        String saga,
        String step,
        boolean undo,
        int attempt,
        String input,
        boolean again,
        String key,
        long epoch,
        Optional<String> outcome,
        Optional<String> output,
        long begunSequence,
        long presentEpoch,
        Optional<Long> claim) {
    static SagaWorkRow of(ResultSet rs) throws SQLException {
        return new SagaWorkRow(
                rs.getLong(1),
                rs.getLong(2),
                rs.getString(3),
                rs.getString(4),
                rs.getInt(5) == 1,
                rs.getInt(6),
                rs.getString(7),
                rs.getInt(8) == 1,
                rs.getString(9),
                rs.getLong(10),
                Optional.ofNullable(rs.getString(11)),
                Optional.ofNullable(rs.getString(12)),
                rs.getLong(13),
                rs.getLong(14),
                Nullables.number(rs, 15));
    }

    /** Whether somebody took it before whoever has it, or had it last: each taking, and each taking over, moves the epoch. */
    public boolean wasTakenOver() {
        return presentEpoch > epoch + 1;
    }

    /** Whether somebody has taken it since it was offered. */
    public boolean wasTaken() {
        return presentEpoch > epoch;
    }
}
