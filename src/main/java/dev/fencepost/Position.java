package dev.fencepost;

import dev.fencepost.internal.util.Arguments;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in the order of a store's commits, which one agent can pass to another. A reader
 * {@linkplain Freshness#atLeast at least} at this position sees every commit up to it. Its text is one word, such as
 * {@code fps-0123456789abcdef0123456789abcdef-17-00c3a5b1d2e4f697}. It gives no access to the store. Immutable.
 *
 * @param storeId the {@linkplain Store#id() id} of the store
 * @param sequence the sequence of the newest commit included; 0 is before the first
 * @param mark the mark that tells this commit from another with the same sequence in a restored store; 0 if unknown,
 *     and then a position of a lost history is not recognised
 */
public record Position(String storeId, long sequence, long mark) {
    private static final long MOST = 999_999_999_999_999_999L;
    private static final Pattern STORE = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern FORM = Pattern.compile("fps-([0-9a-f]{32})-(0|[1-9][0-9]{0,17})(?:-([0-9a-f]{16}))?");

    /**
     * Creates a position with a store's ID and the mark of its commit.
     *
     * @throws InvalidInputException if the ID is not that of a store, or the sequence is negative or has over 18 digits
     */
    public Position {
        Arguments.required(storeId, "storeId");
        if (!STORE.matcher(storeId).matches()) {
            throw new InvalidInputException("'" + abbreviated(storeId)
                    + "' is not a store id. An id has 32 hexadecimal digits; use the result of Store.id()");
        }
        if (sequence < 0 || sequence > MOST) {
            throw new InvalidInputException(
                    "The sequence of a position is " + sequence + "; it must be from 0 to " + MOST);
        }
    }

    /**
     * Creates a position with a store's ID, such as that of a commit by its {@link Committed#sequence()}. Its mark is
     * unknown.
     *
     * @throws InvalidInputException if the ID is not that of a store, or the sequence is negative or has over 18 digits
     */
    public Position(String storeId, long sequence) {
        this(storeId, sequence, 0);
    }

    /**
     * Parses the text of a position.
     *
     * @throws InvalidInputException if the text is not a position
     */
    public static Position parse(String text) {
        Arguments.required(text, "text");
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidInputException("'" + abbreviated(text)
                    + "' is not a position. A position has the form fps-STORE-SEQUENCE-MARK; use the result of"
                    + " Store.position()");
        }
        String mark = matcher.group(3);
        return new Position(
                matcher.group(1),
                Long.parseLong(matcher.group(2)),
                mark == null ? 0 : Long.parseUnsignedLong(mark, 16));
    }

    /** Returns the position as one word, which {@link #parse} accepts. */
    public String text() {
        String place = "fps-" + storeId + "-" + sequence;
        return mark == 0 ? place : place + "-" + HexFormat.of().toHexDigits(mark);
    }

    private static String abbreviated(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }

    @Override
    public String toString() {
        return text();
    }
}
