package dev.fencepost.internal.sql;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Reads texts of the file strictly. SQLite takes any bytes as text, and the driver decodes invalid UTF-8 to U+FFFD, so
 * two texts that differ would be read as one. A text without U+FFFD was valid; the bytes of others are examined.
 */
public final class StrictText {
    private static final char REPLACEMENT = '\uFFFD';

    private StrictText() {}

    /**
     * Reads a text; null if the column is NULL.
     *
     * @throws dev.fencepost.UnusableStoreException if the text is not valid UTF-8
     */
    static String of(ResultSet rs, int column) throws SQLException {
        String text = rs.getString(column);
        if (text != null && !isValid(rs, column, text)) {
            throw Corruption.found(
                    "a text in the column '" + rs.getMetaData().getColumnLabel(column) + "' of the row of '"
                            + rs.getString(1) + "' is not valid UTF-8; the command 'check' lists such texts");
        }
        return text;
    }

    /**
     * Returns whether a column holds valid UTF-8.
     *
     * @param text the column's text as the driver decoded it
     */
    static boolean isValid(ResultSet rs, int column, String text) throws SQLException {
        return text.indexOf(REPLACEMENT) < 0 || isValid(rs.getBytes(column));
    }

    /** Returns whether bytes are valid UTF-8. */
    public static boolean isValid(byte[] bytes) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
