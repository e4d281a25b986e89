package dev.fencepost.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The end of a file's history, as one read found it.
 *
 * @param newest the newest commit; {@link #EMPTY} if there is none
 * @param continues whether the file still has the commit that the reader had seen before
 */
public record Tip(CommitIdentity newest, boolean continues) {
    /** The value for the newest commit of a store that has none. */
    public static final CommitIdentity EMPTY = new CommitIdentity(0, 0, 0);

    /** Returns the tip of a file without commits. */
    static Tip empty(CommitIdentity seen) {
        return new Tip(EMPTY, seen.sequence() == 0);
    }

    /**
     * Returns the tip from the columns for the process, the ordinal and the sequence of a commit, and whether it
     * continues.
     */
    static Tip of(ResultSet rs, int process, int ordinal, int sequence, int continues, CommitIdentity seen)
            throws SQLException {
        CommitIdentity newest = new CommitIdentity(rs.getLong(process), rs.getLong(ordinal), rs.getLong(sequence));
        return new Tip(newest, seen.sequence() == 0 || rs.getBoolean(continues));
    }
}
