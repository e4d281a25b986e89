package dev.fencepost.internal.sql;

import dev.fencepost.Change;
import dev.fencepost.Codec;
import dev.fencepost.CodecException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.VersionInfo;
import dev.fencepost.Versioned;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** One version of a key, its value still as text; no text for a tombstone. */
public record VersionRow(String key, VersionInfo stamp, Optional<String> text) {
    static VersionRow of(ResultSet rs) throws SQLException {
        return new VersionRow(
                StrictText.of(rs, 1),
                new VersionInfo(rs.getLong(2), rs.getLong(3), rs.getString(4), Instant.ofEpochMilli(rs.getLong(5))),
                Optional.ofNullable(StrictText.of(rs, 6)));
    }

    /** Returns the key, with a codec for its value. */
    public <T> Key<T> typed(Codec<T> codec) {
        try {
            return new Key<>(key, codec);
        } catch (InvalidInputException e) {
            // The library never writes a key with such a name.
            throw Corruption.unreadable(e);
        }
    }

    /** Returns the value, decoded by the codec of a prefix; there must be one. */
    public <T> Versioned<T> in(Prefix<T> prefix) {
        return versioned(typed(prefix.codec())).orElseThrow();
    }

    /** Returns the version with its value, decoded by the key's codec. */
    public <T> Change<T> change(Key<T> typed) {
        return new Change<>(typed, text.map(present -> decode(typed, present)), stamp);
    }

    /** Returns the value, decoded by the key's codec; empty for a tombstone. */
    public <T> Optional<Versioned<T>> versioned(Key<T> typed) {
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(new Versioned<>(typed, decode(typed, text.get()), stamp));
    }

    private <T> T decode(Key<T> typed, String present) {
        try {
            return Nullables.decoded(typed.codec().decode(present));
        } catch (CodecException e) {
            throw new CodecException(
                    "Version " + stamp.version() + " of '" + key + "' cannot be read: " + e.getMessage(), e);
        }
    }
}
