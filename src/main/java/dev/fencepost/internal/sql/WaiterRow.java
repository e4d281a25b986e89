package dev.fencepost.internal.sql;

import dev.fencepost.ClaimHolder;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A request for a claim that waits; tickets are served in the order of their numbers. */
public record WaiterRow(long ticket, ClaimHolder holder, long thread, long until) {
    static WaiterRow of(ResultSet rs) throws SQLException {
        return new WaiterRow(
                rs.getLong(1),
                new ClaimHolder(rs.getString(3), rs.getLong(2), rs.getLong(4)),
                rs.getLong(5),
                rs.getLong(6));
    }
}
