package dev.fencepost;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the order of the commits of a store, to be handed to another agent: whoever reads
 * {@linkplain Freshness#atLeast at least} this sees all that was committed up to it. Its text is one word, such as
 * {@code fps-0123456789abcdef0123456789abcdef-17}. It says where, not what: it opens nothing. Immutable.
 *
 * @param storeId the {@linkplain Store#id() id} of the store
 * @param sequence of the newest commit that is meant; 0 is before the first
 */
public record Position(String storeId, long sequence) {
    private static final long MOST = 999_999_999_999_999_999L;
    private static final Pattern STORE = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern FORM = Pattern.compile("fps-([0-9a-f]{32})-(0|[1-9][0-9]{0,17})");

    /**
     * A position of a store whose id is known, such as that of a commit by its {@link Committed#sequence()}.
     *
     * @throws InvalidInputException if that is no id of a store, or the sequence is negative or has over 18 digits
     */
    public Position {
        if (!STORE.matcher(storeId).matches()) {
            throw new InvalidInputException("This is no id of a store: '" + abbreviated(storeId)
                    + "'; an id has 32 digits from 0 to f, and is told by Store.id()");
        }
        if (sequence < 0 || sequence > MOST) {
            throw new InvalidInputException(
                    "The sequence of a position is " + sequence + "; it must be from 0 to " + MOST);
        }
    }

    /**
     * A position from its text.
     *
     * @throws InvalidInputException if the text is no position
     */
    public static Position parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidInputException("This is no position: '" + abbreviated(text)
                    + "'; a position looks like fps-STORE-SEQUENCE and is told by Store.position()");
        }
        return new Position(matcher.group(1), Long.parseLong(matcher.group(2)));
    }

    /** The position as one word, which {@link #parse} takes back. */
    public String text() {
        return "fps-" + storeId + "-" + sequence;
    }

    private static String abbreviated(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }

    @Override
    public String toString() {
        return text();
    }
}
