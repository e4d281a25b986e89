package dev.fencepost;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.fencepost.event.ChangeFeed;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.FoldState;
import dev.fencepost.history.PrunedException;
import dev.fencepost.history.Retention;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.saga.Sagas;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** A named writer. Every version, claim and commit records the agent's name. Safe for use by many threads. */
public interface Agent extends Writer {
    /** Returns the name that was given to {@link Store#agent}. */
    String name();

    /** Claims a key without waiting. See {@link #claim(Collection, Lease, Duration)}. */
    @CheckReturnValue
    default ClaimResult claim(Key<?> key, Lease lease) {
        Arguments.required(key, "key");
        Arguments.required(lease, "lease");
        return claim(List.of(key), lease, Duration.ZERO);
    }

    /** Claims a key, and waits for it if necessary. See {@link #claim(Collection, Lease, Duration)}. */
    @CheckReturnValue
    default ClaimResult claim(Key<?> key, Lease lease, Duration wait) {
        Arguments.required(key, "key");
        Arguments.required(lease, "lease");
        Arguments.required(wait, "wait");
        return claim(List.of(key), lease, wait);
    }

    /**
     * Claims all of several keys, or none. A claim is the exclusive right to write its keys. The keys need not exist
     * yet. Claims are not reentrant: a key that this agent already holds is busy for it too.
     *
     * <p>Requests of all processes are served first come, first served, and never preempt a live claim. A claim can be
     * taken over if its holder is known to be dead, or its lease or longest hold has run out.
     *
     * @param wait the longest wait, up to {@link StoreConfig#maxWait()}; zero does not wait
     * @return {@link ClaimResult.Granted}, {@link ClaimResult.Busy}, or {@link ClaimResult.Deadlock}
     * @throws InvalidInputException if there are no keys or more than {@link Claim#MAX_KEYS}, if the lease
     *     is too short for the store's heartbeat interval, or if the wait is out of bounds
     */
    @CheckReturnValue
    ClaimResult claim(Collection<? extends Key<?>> keys, Lease lease, Duration wait);

    /**
     * Returns the claim of a token, for use in this process. A token is all that is needed to use the claim, so give it
     * only to code that acts for the holder. Resuming does not change how the claim is kept alive: by the heartbeats of
     * its holder's process, or by its lease alone.
     *
     * @throws FencedException if the claim has ended, or was made in another store
     * @throws InvalidInputException if the text is not a token
     */
    Claim resume(ClaimToken token);

    /**
     * Ends the claim on a key at once. This is an operator's action, recorded with this agent's name. The former holder
     * is fenced. A claim over several keys ends for all of them.
     *
     * @return the ended claim, one entry for each of its keys; empty if the key was not claimed
     */
    List<ClaimInfo> revoke(Key<?> key);

    /** Returns the sagas of this agent. A saga outlives the process that runs it. */
    Sagas sagas();

    /** Returns the change feed. This agent is the consumer of its cursors. */
    ChangeFeed feed();

    /** Returns the retention settings of the store. This agent is the writer of their changes. */
    Retention retention();

    /**
     * Folds the events of a stream, starting from the stored state of the fold, and stores the new state in the file.
     * The next call, in any process, reads only newer events. The stored state is not history: it can be computed again
     * while all events are kept.
     *
     * @throws PrunedException if events were pruned that the stored state does not cover
     */
    <T, S> FoldState<S> fold(EventStream<T> stream, Fold<T, S> fold);
}
