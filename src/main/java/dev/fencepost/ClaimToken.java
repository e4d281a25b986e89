package dev.fencepost;

import dev.fencepost.internal.util.Arguments;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token with which other processes use a claim: one text without spaces, for all of the claim's keys. It carries the
 * id of the store and a random part. So a token of another store, or of a lost history, is refused.
 */
public record ClaimToken(String text) {
    private static final Pattern FORM = Pattern.compile("fpc-([0-9a-f]{32})-([1-9][0-9]{0,17})-([0-9a-f]{16})");

    /**
     * Creates a token from its text.
     *
     * @throws InvalidInputException if the text is not a token
     */
    public ClaimToken {
        Arguments.required(text, "text");
        if (!FORM.matcher(text).matches()) {
            throw new InvalidInputException("'" + abbreviated(text)
                    + "' is not a claim token. A token has the form fpc-STORE-NUMBER-CHECK; use the one of a granted"
                    + " claim");
        }
    }

    /** Returns the id of the store in which the claim was made. */
    public String storeId() {
        return part(1);
    }

    /** Returns the number of the claim in its store. */
    public long claim() {
        return Long.parseLong(part(2));
    }

    /** Returns the random part, 16 hexadecimal digits. */
    public String nonce() {
        return part(3);
    }

    private String part(int group) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches() ? matcher.group(group) : "";
    }

    private static String abbreviated(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }

    @Override
    public String toString() {
        return text;
    }
}
