package dev.fencepost.internal.sql;

import dev.fencepost.ClaimHolder;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A request for a claim that waits; tickets are served in the order of their numbers.
 *
 * @param until the end of the wait, in milliseconds since 1970
 * @param nonce the random part of the token of its claim
 * @param terms the conditions of its claim
 */
public record WaiterRow(long ticket, ClaimHolder holder, long thread, long until, String nonce, ClaimRow.Terms terms) {
    static WaiterRow of(ResultSet rs) throws SQLException {
        return new WaiterRow(
                rs.getLong(1),
                new ClaimHolder(rs.getString(3), rs.getLong(2), rs.getLong(4)),
                rs.getLong(5),
                rs.getLong(6),
                rs.getString(7),
                new ClaimRow.Terms(rs.getLong(8), rs.getLong(9), rs.getInt(10) != 0));
    }

    /** Returns the same request under its ticket. */
    public WaiterRow with(long number) {
        return new WaiterRow(number, holder, thread, until, nonce, terms);
    }
}
