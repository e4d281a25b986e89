package dev.fencepost.benchmarks.peers;

/**
 * What a subject says of itself after a load, to be held against what it acknowledged. A benchmark of something that
 * loses updates is worth nothing.
 *
 * @param versions the sum of the versions of all keys, less those with which it began
 * @param history how many rows the history has, less those with which it began
 * @param wrong how many rows of the history have a value that was made for another version: lost updates
 */
record VerificationTotals(long versions, long history, long wrong) {
    /**
     * Checks that nothing was lost and nothing made up.
     *
     * @param acknowledged how many commits were acknowledged
     * @throws IllegalStateException if it does not add up
     */
    void mustAddUpTo(long acknowledged, String subject) {
        if (versions != acknowledged || history != acknowledged || wrong != 0) {
            throw new IllegalStateException(
                    subject + " acknowledged " + acknowledged + " commits, but its versions say "
                            + versions + ", its history has " + history + ", and " + wrong
                            + " of them were made from another version than the one before");
        }
    }
}
