package dev.fencepost;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Whoever writes: every version, claim and commit of an agent says its name. Safe for use by many threads. */
public interface Agent extends Writer {
    /** The name that {@link Store#agent} was given. */
    String name();

    /** Tries to claim a key, without waiting. See {@link #claim(Collection, Lease, Duration)}. */
    @CheckReturnValue
    default ClaimResult claim(Key<?> key, Lease lease) {
        Arguments.required(key, "key");
        Arguments.required(lease, "lease");
        return claim(List.of(key), lease, Duration.ZERO);
    }

    /** Claims a key, waiting for it if need be. See {@link #claim(Collection, Lease, Duration)}. */
    @CheckReturnValue
    default ClaimResult claim(Key<?> key, Lease lease, Duration wait) {
        Arguments.required(key, "key");
        Arguments.required(lease, "lease");
        Arguments.required(wait, "wait");
        return claim(List.of(key), lease, wait);
    }

    /**
     * Claims several keys, all or none: the exclusive right to write them. The keys need not exist yet. Claims are not
     * reentrant: a key that this agent holds already is busy for it too.
     *
     * <p>Waiting is first come, first served among all processes, and never preempts a live claim. A claim is taken over
     * once its holder is known to be dead, or its lease has run out, or it was held longer than its longest hold.
     *
     * @param wait the longest wait; zero asks once. At most {@link StoreConfig#maxWait()}
     * @return {@link ClaimResult.Granted}, {@link ClaimResult.Busy}, or {@link ClaimResult.Deadlock}
     * @throws InvalidInputException if there are no keys or more than {@link StoreConfig#maxClaimKeys()}, if the lease is
     *     shorter than a heartbeat can serve, or the wait is out of bounds
     */
    @CheckReturnValue
    ClaimResult claim(Collection<? extends Key<?>> keys, Lease lease, Duration wait);

    /**
     * The claim that a token stands for, taken up in this process. Whoever has the token has the right, so hand it only
     * to those who act for the holder. The claim goes on living as it was granted: by its holder's heartbeats, or by its
     * lease alone.
     *
     * @throws FencedException if the claim has ended, or was made in another store
     * @throws InvalidInputException if the text is no token
     */
    Claim resume(ClaimToken token);

    /**
     * Ends whatever claim stands on a key, at once: an operator's act, recorded with this agent's name. The former holder
     * is fenced. A claim over several keys ends for all of them.
     *
     * @return what was ended, for each of its keys, or empty if the key was not claimed
     */
    List<ClaimInfo> revoke(Key<?> key);

    /** Work in steps that outlives this process, in this agent's name. */
    Sagas sagas();

    /** What has changed, and cursors in it, in this agent's name. */
    ChangeFeed feed();

    /** For how long history is kept, as this agent says. */
    Retention retention();

    /**
     * What the events of a stream come to, from where the fold was last kept; and keeps that in the file, so that the next
     * time, in whatever process, only newer events are read. What is kept is no history: it can be made again from the
     * events, as long as those are kept.
     *
     * @throws PrunedException if events have been let go that what was kept does not cover
     */
    <T, S> FoldState<S> fold(EventStream<T> stream, Fold<T, S> fold);
}
