package dev.fencepost.internal.sql;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimHolder;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimInfo.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * A claim, held or ended. Times and durations are in milliseconds.
 *
 * @param handedOver whether another process granted it
 */
public record ClaimRow(
        long id,
        String nonce,
        ClaimHolder holder,
        long thread,
        Terms terms,
        long grantedAt,
        long renewedAt,
        long heartbeatAt,
        Optional<End> end,
        boolean handedOver) {
    /** The conditions of a claim. */
    public record Terms(long lease, long longestHold, boolean heartbeats) {}

    /** The end of a claim, with the agent and the time of the commit that ended it. */
    public record End(ClaimEnd ending, String by, long at) {}

    static ClaimRow of(ResultSet rs) throws SQLException {
        String ending = rs.getString(13);
        return new ClaimRow(
                rs.getLong(1),
                rs.getString(2),
                new ClaimHolder(rs.getString(4), rs.getLong(3), rs.getLong(5)),
                rs.getLong(6),
                new Terms(rs.getLong(7), rs.getLong(8), rs.getInt(9) != 0),
                rs.getLong(10),
                rs.getLong(11),
                rs.getLong(12),
                ending == null
                        ? Optional.empty()
                        : Optional.of(new End(Endings.parse(ending), rs.getString(14), rs.getLong(15))),
                rs.getInt(16) != 0);
    }

    /** Returns the public view of the claim on one of its keys, for a holder known to be alive. */
    public ClaimInfo on(String key, long epoch) {
        return on(key, epoch, Status.HELD);
    }

    /** Returns the public view of the claim on one of its keys. */
    public ClaimInfo on(String key, long epoch, Status status) {
        return new ClaimInfo(
                key, epoch, holder, Instant.ofEpochMilli(grantedAt), Instant.ofEpochMilli(expiresAt()), status);
    }

    /**
     * Returns whether the holder has shown that it lives since the grant. Its process did if it made the grant; otherwise
     * by a heartbeat or a renewal.
     */
    public boolean isShown() {
        return !handedOver || heartbeatAt >= grantedAt || renewedAt > grantedAt;
    }

    /** Returns the time at which its maximum hold ends. */
    public long heldUntil() {
        return renewedAt + terms.longestHold();
    }

    /**
     * Returns the time after which the claim can be taken over. It is one lease after the last sign of life, but no
     * later than the end of the maximum hold.
     */
    public long expiresAt() {
        long sign = terms.heartbeats() ? Math.max(renewedAt, heartbeatAt) : renewedAt;
        return Math.min(sign + terms.lease(), heldUntil());
    }
}
