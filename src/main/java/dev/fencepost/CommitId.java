package dev.fencepost;

import dev.fencepost.internal.util.Arguments;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of one attempt to commit, by which a caller finds out its {@linkplain Store#outcome outcome}. Immutable.
 *
 * @param storeId the {@linkplain Store#id() id} of the store
 * @param process the number of the process that made the attempt, in this store
 * @param ordinal the number of the attempt among those of the process
 * @param sequence the sequence that the commit has if it was applied
 */
public record CommitId(String storeId, long process, long ordinal, long sequence) {
    private static final String NUMBER = "([1-9][0-9]{0,17})";
    private static final Pattern FORM = Pattern.compile("fpo-([0-9a-f]{32})-" + NUMBER + "-" + NUMBER + "-" + NUMBER);

    public CommitId {
        Arguments.required(storeId, "storeId");
    }

    /**
     * Parses the text of a commit id.
     *
     * @throws InvalidInputException if the text is not a commit id
     */
    public static CommitId parse(String text) {
        Arguments.required(text, "text");
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidInputException("'"
                    + (text.length() <= 200 ? text : text.substring(0, 200) + "...")
                    + "' is not a commit id. A commit id has the form fpo-STORE-PROCESS-ORDINAL-SEQUENCE");
        }
        return new CommitId(
                matcher.group(1),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                Long.parseLong(matcher.group(4)));
    }

    /** Returns the id as one word, which {@link #parse} reads. */
    public String text() {
        return "fpo-" + storeId + "-" + process + "-" + ordinal + "-" + sequence;
    }

    @Override
    public String toString() {
        return text();
    }
}
