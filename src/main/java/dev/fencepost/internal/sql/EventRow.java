package dev.fencepost.internal.sql;

import dev.fencepost.CodecException;
import dev.fencepost.VersionInfo;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** One event of a stream, not yet decoded. Its number is the version in the stamp. */
public record EventRow(String stream, String event, VersionInfo stamp, int shape, String text) {
    static EventRow of(ResultSet rs) throws SQLException {
        return new EventRow(
                StrictText.of(rs, 1),
                StrictText.of(rs, 2),
                new VersionInfo(rs.getLong(3), rs.getLong(4), rs.getString(5), Instant.ofEpochMilli(rs.getLong(6))),
                rs.getInt(7),
                StrictText.of(rs, 8));
    }

    /**
     * Returns the event, decoded by the stream's codec.
     *
     * @throws CodecException if the codec cannot decode it
     */
    public <T> Event<T> in(EventStream<T> typed) {
        try {
            return new Event<>(typed, event, Nullables.decoded(typed.codec().decode(shape, text)), stamp);
        } catch (CodecException e) {
            throw new CodecException(
                    "Event " + stamp.version() + " of the stream '" + stream + "' cannot be read: " + e.getMessage(),
                    e);
        }
    }
}
