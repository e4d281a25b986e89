package dev.fencepost;

import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The exclusive right to write some keys, held under a {@link Lease}. An epoch, the fencing token, marks each key. A
 * write through a claim is applied only while each of the claim's epochs is the current one. Otherwise the write throws
 * {@link FencedException}, and nothing is written. Other keys can be written through a claim too: the claim fences
 * those writes, and claims on these keys are respected.
 *
 * <p>While the process lives, heartbeats in the background extend the lease, up to the longest hold. {@link #renew}
 * restarts both. Safe for use by many threads.
 */
public interface Claim extends Writer, AutoCloseable {
    /** The most keys of one claim. */
    int MAX_KEYS = 64;

    /** Returns the names of the claimed keys, in order. */
    List<String> keys();

    /**
     * Returns the epoch of a key under this claim.
     *
     * @throws InvalidInputException if the claim does not cover the key
     */
    long epoch(Key<?> key);

    /** Returns the token with which other processes use this claim; see {@link Agent#resume}. */
    ClaimToken token();

    /**
     * Returns the time when the lease ends, or ended, unless it is extended. The time is read from the file. It does
     * not tell whether the claim is still held; {@link #renew} does.
     *
     * @throws FencedException if the claim is not in the store, since it has ended and retention has pruned it
     */
    Instant expiresAt();

    /**
     * Restarts the lease and the longest hold. Renewal shows that the agent makes progress; a heartbeat shows only that
     * its process lives. A claim that is renewed in time can be held without limit. A claim whose lease has run out is
     * revived if no other holder has taken it over.
     *
     * @return the time when the lease ends now
     * @throws FencedException if the claim has been lost
     */
    Instant renew();

    /**
     * Returns a stage that completes when the store notices that this claim has ended other than by release. Another
     * process took it over, an operator revoked it, or a commit, renewal or release under it was fenced. The holder's
     * work can then stop before its next write. A lease or longest hold that runs out does not end the claim by itself;
     * the takeover that follows does.
     *
     * <p>The store notices at once where it is notified of commits, and within one {@linkplain
     * StoreConfig#withHeartbeat heartbeat} elsewhere. Safety does not depend on it: a write under a lost claim is
     * refused in any case.
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
     * Releases the claim.
     *
     * @throws FencedException if the claim was lost before, so the protected work was no longer protected
     */
    void release();

    /**
     * Commits several writes and releases the claim, all in one commit. So the next waiter has the claim a commit
     * earlier than with {@link #commit} and {@link #release}.
     *
     * @throws CommitRefusedException if a member was refused; nothing was written, and the claim is still held
     * @throws FencedException if a claim that the commit depends on has been lost; nothing was written or released
     */
    default CommitResult.Applied commitAndRelease(WriteBatch writes) {
        return tryCommitAndRelease(writes).orThrow();
    }

    /**
     * Commits several writes and releases the claim, all in one commit, and returns refusals.
     *
     * @return {@link CommitResult.Applied}; or {@link CommitResult.Refused} with every member that failed, and then the
     *     claim is still held
     * @throws FencedException as in {@link #commitAndRelease}
     */
    @CheckReturnValue
    CommitResult tryCommitAndRelease(WriteBatch writes);

    /**
     * Releases the claim if it is still held, and otherwise does nothing. Idempotent.
     *
     * <p>If the release fails, this throws, and the store releases the claim with its next successful heartbeat. No
     * heartbeat extends the lease until then.
     *
     * @throws WriteLockTimeoutException if the file was busy for longer than {@link StoreConfig#writeLockTimeout()}
     */
    @Override
    void close();
}
