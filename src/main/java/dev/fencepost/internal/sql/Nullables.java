package dev.fencepost.internal.sql;

import dev.fencepost.CodecException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The conversion of columns that may be NULL, and the check of codecs that may return null. */
final class Nullables {
    private Nullables() {}

    static Optional<Long> number(ResultSet rs, int column) throws SQLException {
        long value = rs.getLong(column);
        return rs.wasNull() ? Optional.empty() : Optional.of(value);
    }

    /**
     * Returns the value that a codec of the caller decoded.
     *
     * @throws CodecException if the value is null
     */
    static <T> T decoded(@Nullable T value) {
        if (value == null) {
            throw new CodecException("The codec decoded the text as null; it must return a value", null);
        }
        return value;
    }
}
