package dev.fencepost.internal.sql;

import dev.fencepost.VersionInfo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * An entry of the log of changes, not yet decoded: a version of a key, or an event of a stream.
 *
 * @param id the ID of its row, which grows in the order of commits
 * @param name the name of the key or stream
 * @param event the ID of the event; empty for a version
 * @param shape the schema version of an event's text; 1 for a version
 * @param text the value or body; empty for a deletion
 */
public record LogRow(
        long id, String name, VersionInfo stamp, Optional<String> event, int shape, Optional<String> text) {
    private static final int VERSION_ID = 7;
    private static final int EVENT_ID = 9;

    static LogRow ofVersion(ResultSet rs) throws SQLException {
        VersionRow row = VersionRow.of(rs);
        return new LogRow(rs.getLong(VERSION_ID), row.key(), row.stamp(), Optional.empty(), 1, row.text());
    }

    static LogRow ofEvent(ResultSet rs) throws SQLException {
        EventRow row = EventRow.of(rs);
        return new LogRow(
                rs.getLong(EVENT_ID),
                row.stream(),
                row.stamp(),
                Optional.of(row.event()),
                row.shape(),
                Optional.of(row.text()));
    }

    static LogRow ofLetter(ResultSet rs) throws SQLException {
        return new LogRow(
                rs.getLong(1),
                StrictText.of(rs, 2),
                new VersionInfo(rs.getLong(3), rs.getLong(4), rs.getString(5), Instant.ofEpochMilli(rs.getLong(6))),
                Optional.ofNullable(StrictText.of(rs, 7)),
                rs.getInt(8),
                Optional.ofNullable(StrictText.of(rs, 9)));
    }

    /** Returns the sequence of its commit. */
    public long sequence() {
        return stamp.sequence();
    }

    /** Returns it as a version of a key. */
    public VersionRow version() {
        return new VersionRow(name, stamp, text);
    }

    /** Returns it as an event of a stream. */
    public EventRow asEvent() {
        return new EventRow(name, event.orElse(""), stamp, shape, text.orElse(""));
    }
}
