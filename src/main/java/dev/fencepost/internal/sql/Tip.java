package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The end of a file's history, as one read found it.
 *
 * @param newest the newest commit, or that of the version that was read; {@link #EMPTY} if there is none
 * @param lastRow the last row of that commit in the log; 0 if there is none
 * @param continues whether the file still has the commit that the reader had seen before
 */
public record Tip(CommitIdentity newest, long lastRow, boolean continues) {
    /** The value for the newest commit of a store that has none. */
    public static final CommitIdentity EMPTY = new CommitIdentity(0, 0, 0);

    /** The end of a log without rows. */
    public static final Tip EMPTY_LOG = new Tip(EMPTY, 0, true);

    /** Returns the tip of a file without commits. */
    static Tip empty(CommitIdentity seen) {
        return new Tip(EMPTY, 0, seen.sequence() == 0);
    }

    /**
     * Returns the tip from five columns: the process, the ordinal and the sequence of the newest commit, the last row of
     * the log, and whether the file continues.
     *
     * @param first the first of the columns
     */
    static Tip of(ResultSet rs, int first, CommitIdentity seen) throws SQLException {
        CommitIdentity newest = new CommitIdentity(rs.getLong(first), rs.getLong(first + 1), rs.getLong(first + 2));
        return new Tip(newest, rs.getLong(first + 3), seen.sequence() == 0 || rs.getBoolean(first + 4));
    }
}
