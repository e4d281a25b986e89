package dev.fencepost;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * For how long history is kept. Without a rule everything is; with one, what it does not keep is let go when retention
 * {@linkplain #apply() runs}, and from then on is answered as 'no longer kept', never as something else.
 *
 * <p>A run lets go in small pieces, each a short transaction, between which others write. What an open {@link Snapshot}
 * can see stays, whatever the rules say, for as long as the snapshot's process shows that it lives. Space goes back to the
 * file system in files that were made by this version of the library or a later one; older files use it again instead.
 *
 * <p>A rule by age does not depend on the clock of one process. The age counts to the earliest of these: the clock now; the
 * clock when the store was opened, plus the time that has elapsed since; and, likewise, the clocks of other processes of the
 * same boot and time namespace. After a clock was put forward, a run may keep more than the rule says until the processes
 * are started again. A process in another time namespace, or another system, is not compared.
 *
 * <p>Safe for use by many threads, and by several processes.
 *
 * @see Agent#retention()
 */
public interface Retention {
    /** The most rules in a file. */
    int MAX_RULES = Page.MAX_ENTRIES;

    /**
     * Returns the rules, in the order of their prefixes.
     *
     * @throws ResultTooLargeException if edits by hand have made more than {@link #MAX_RULES}
     */
    List<RetentionRule> rules();

    /**
     * Sets the rule for a prefix, in place of the one that it may have.
     *
     * @throws InvalidInputException if the prefix could not be that of a key, or there are {@link #MAX_RULES} others
     */
    void setRule(String prefix, RetentionPolicy keep);

    /** Takes back the rule of exactly this prefix, if there is one; a shorter prefix may have another that counts then. */
    void removeRule(String prefix);

    /**
     * Sets for how long the history of claims is kept after a claim has ended. Without this, all of it is kept. A claim that
     * is held is never pruned, and epochs never fall.
     *
     * <p>What is pruned is missing in the view {@code claim_history}, and {@link Snapshot#claims()} of an earlier place is
     * {@link PrunedException}. The commits that granted and ended a claim stay.
     *
     * @param age the time since the end of a claim, from zero to 36,500 days; counted as for {@link RetentionPolicy#age()}
     * @throws InvalidInputException if the age is out of bounds
     */
    void setClaimAge(Duration age);

    /** Keeps the history of all claims from now on. */
    void removeClaimAge();

    /** Returns for how long ended claims are kept; empty if all are. */
    Optional<Duration> claimAge();

    /** Lets go of all that the rules do not keep now, and returns when that is done. */
    PruneReport apply();

    /**
     * Runs again and again in the background, until it is closed, or the store is.
     *
     * @param every the pause between two runs, from a millisecond to 365 days; a minute is usual
     * @throws InvalidInputException if the pause is out of bounds
     */
    AutoCloseable applyEvery(Duration every);
}
