package dev.fencepost.history;

import dev.fencepost.Agent;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Page;
import dev.fencepost.ResultTooLargeException;
import dev.fencepost.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The rules for how long history is kept. Without a rule, all of it is kept. With a rule,
 * {@linkplain #apply() each run} prunes the history that the rule does not keep. A later read of pruned history throws
 * {@link PrunedException}.
 *
 * <p>A run prunes in short transactions, between which other agents write. It keeps the history that an open
 * {@link Snapshot} can see, even against the rules, while the snapshot's process shows liveness. Freed space returns
 * to the file system in files that this version of the library or a later one created. Older files reuse it instead.
 *
 * <p>A rule by age does not depend on the clock of one process. The age counts to the earliest of these: the clock now;
 * the clock when the store was opened, plus the time that has elapsed since; and, likewise, the clocks of other
 * processes of the same boot and time namespace. After a clock was put forward, a run may keep more than the rule says
 * until the processes are started again. A process in another time namespace, or another system, is not compared.
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
     * Sets the rule for a prefix, and replaces its earlier rule.
     *
     * @throws InvalidInputException if the prefix could not be that of a key, or there are {@link #MAX_RULES} others
     */
    void setRule(String prefix, RetentionPolicy keep);

    /** Removes the rule of exactly this prefix, if there is one. The rule of a shorter prefix may then apply. */
    void removeRule(String prefix);

    /**
     * Sets how long the history of a claim is kept after the claim has ended. Without this, all of it is kept. A claim
     * that is held is never pruned, and epochs never fall.
     *
     * <p>A pruned claim is missing in the view {@code claim_history}, and {@link Snapshot#claims()} at an earlier
     * position throws {@link PrunedException}. The commits that granted and ended a claim stay.
     *
     * @param age the time since the end of a claim, from zero to 36,500 days; counted as for
     *     {@link RetentionPolicy#age()}
     * @throws InvalidInputException if the age is out of bounds
     */
    void setClaimAge(Duration age);

    /** Keeps the history of all claims from now on. */
    void removeClaimAge();

    /** Returns for how long ended claims are kept; empty if all are. */
    Optional<Duration> claimAge();

    /** Prunes all history that the rules do not keep now, and returns when that is done. */
    PruneReport apply();

    /**
     * Applies the rules periodically in the background, until the result or the store is closed.
     *
     * @param every the pause between two runs, from a millisecond to 365 days; a minute is usual
     * @throws InvalidInputException if the pause is out of bounds
     */
    AutoCloseable applyEvery(Duration every);
}
