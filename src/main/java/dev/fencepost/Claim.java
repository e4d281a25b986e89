package dev.fencepost;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The exclusive right to write some keys, held under a {@link Lease} and marked, key by key, with an epoch. Every write
 * through a claim is applied only while each of its epochs is still the present one; otherwise
 * {@link FencedException} is thrown and nothing is written. Other keys can be written through a claim too: the claim then
 * fences them, while their own claims are respected.
 *
 * <p>While the process lives, heartbeats in the background keep the lease alive, up to the longest hold; {@link #renew}
 * starts both anew. Safe for use by many threads.
 */
public interface Claim extends Writer, AutoCloseable {
    /** The keys that are claimed, in the order of their names. */
    List<String> keys();

    /**
     * The epoch of a key under this claim.
     *
     * @throws InvalidInputException if the claim does not cover the key
     */
    long epoch(Key<?> key);

    /** What stands for this claim in other processes; see {@link Agent#resume}. */
    ClaimToken token();

    /**
     * When the lease ends, or ended, unless something extends it, as the file says now. It does not say whether the claim is
     * still held: {@link #renew} does.
     *
     * @throws FencedException if the claim is not in the store, since it has ended and retention has pruned it
     */
    Instant expiresAt();

    /**
     * Starts the lease and the longest hold anew: by this the agent says that it gets on with its work, which a heartbeat
     * of its process does not say. A claim that is renewed in time can be held for as long as its holder wants,
     * and one whose lease has run out is revived if nobody has taken it over yet.
     *
     * @return when the lease ends now
     * @throws FencedException if the claim has been lost
     */
    Instant renew();

    /**
     * Returns a stage that completes when the store notices that this claim has ended otherwise than by release: another
     * process took it over, an operator revoked it, or a commit, renewal or release under it was fenced. Work can stop
     * then, instead of at its next write. A lease or longest hold that runs out does not end the claim by itself; the
     * takeover that follows does.
     *
     * <p>The store notices at once where it hears of commits, and within one {@linkplain StoreConfig#withHeartbeat
     * heartbeat} elsewhere. Safety does not depend on it: a write under a lost claim is refused in any case.
     *
     * <p>The stage stays incomplete if the claim is released, or the store is closed first. Dependent stages run on the
     * common pool unless they name an executor. Each call returns a stage for the same claim.
     *
     * <pre>{@code
     * Claim claim = agent.claim(key, lease).orThrow();
     * claim.lost().thenAccept(lost -> worker.interrupt());
     * }</pre>
     */
    CompletionStage<LostClaim> lost();

    /**
     * Gives the claim back.
     *
     * @throws FencedException if it had been lost before, so that whatever was meant to be protected was not
     */
    void release();

    /**
     * Gives the claim back if it is still held; does nothing if it is not. Idempotent.
     *
     * <p>If it cannot be given back now, this throws, and the store gives it back with the next heartbeat that succeeds.
     * No heartbeat keeps it alive until then.
     *
     * @throws WriteLockTimeoutException if the file was busy for longer than {@link StoreConfig#writeLockTimeout()}
     */
    @Override
    void close();
}
