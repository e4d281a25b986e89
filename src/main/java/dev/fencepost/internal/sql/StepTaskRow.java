package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/**
 * A task of a saga.
 *
 * @param run the number of its saga
 * @param key the key that the worker who does it claims
 * @param epoch the epoch of that key when the task was created
 * @param presentEpoch the epoch of that key now
 * @param claim the claim that is held on that key now
 */
public record StepTaskRow(
        long id,
        long run,
        String saga,
        String step,
        boolean undo,
        int attempt,
        String input,
        String key,
        long epoch,
        Optional<Outcome> outcome,
        Optional<String> output,
        long begunSequence,
        long presentEpoch,
        Optional<Long> claim) {
    /** The outcome of a task. */
    public enum Outcome {
        DONE,
        FAILED,
        REFUSED,
        /** Claimed and never reported, so it may have happened. */
        LOST,
        /** Never claimed, and no longer available. */
        WITHDRAWN;

        private static Outcome of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }

        /** Tells whether the agent that claimed the task reported it. */
        public boolean isReport() {
            return this == DONE || this == FAILED || this == REFUSED;
        }

        /** Returns the outcome's word in the file. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static StepTaskRow of(ResultSet rs) throws SQLException {
        return new StepTaskRow(
                rs.getLong(1),
                rs.getLong(2),
                StrictText.of(rs, 3),
                StrictText.of(rs, 4),
                rs.getInt(5) == 1,
                rs.getInt(6),
                StrictText.of(rs, 7),
                StrictText.of(rs, 8),
                rs.getLong(9),
                Optional.ofNullable(StrictText.of(rs, 10)).map(Outcome::of),
                Optional.ofNullable(StrictText.of(rs, 11)),
                rs.getLong(12),
                rs.getLong(13),
                Nullables.number(rs, 14));
    }

    /** Returns whether a worker has claimed the task since it was created. */
    public boolean wasTaken() {
        return presentEpoch > epoch;
    }
}
