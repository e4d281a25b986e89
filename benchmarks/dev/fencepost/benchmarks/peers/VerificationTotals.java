package dev.fencepost.benchmarks.peers;

/**
 * The stored totals of a subject after a load, for comparison with its acknowledgements. A benchmark of a subject that
 * loses updates is worthless.
 *
 * @param versions the sum of the versions of all keys, less the initial ones
 * @param history the number of rows of the history, less the initial ones
 * @param wrong the number of rows of the history whose value was made for another version: lost updates
 */
record VerificationTotals(long versions, long history, long wrong) {
    /**
     * Checks that no update was lost or invented.
     *
     * @param acknowledged the number of acknowledged commits
     * @throws IllegalStateException if the totals do not match
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
