package dev.fencepost.internal.claim;

import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimToken;
import dev.fencepost.CommitResult;
import dev.fencepost.FencedException;
import dev.fencepost.FencepostException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.LostClaim;
import dev.fencepost.StoreClosedException;
import dev.fencepost.WriteBatch;
import dev.fencepost.internal.commit.AbstractWriter;
import dev.fencepost.internal.commit.Committer;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A claim, as its holder uses it. */
public final class DefaultClaim extends AbstractWriter implements Claim {
    private static final Logger LOG = LoggerFactory.getLogger(DefaultClaim.class);

    private final FencingToken ref;
    private final HeldClaims claims;
    private final LossDetector losses;
    private final Runnable onEnd;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean owed = new AtomicBoolean();

    DefaultClaim(
            String agent,
            FencingToken ref,
            HeldClaims claims,
            LossDetector losses,
            Committer committer,
            Runnable onEnd) {
        super(agent, List.of(ref), committer);
        this.ref = ref;
        this.claims = claims;
        this.losses = losses;
        this.onEnd = onEnd;
    }

    @Override
    public List<String> keys() {
        return HeldClaims.keys(ref);
    }

    @Override
    public long epoch(Key<?> key) {
        Arguments.required(key, "key");
        return ref.keys().stream()
                .filter(mine -> mine.key().equals(key.name()))
                .mapToLong(FencingToken.KeyEpoch::epoch)
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        "The claim is for " + keys() + ", not for '" + key + "'; use one of its keys"));
    }

    @Override
    public ClaimToken token() {
        return ref.token();
    }

    @Override
    public Instant expiresAt() {
        return claims.expiresAt(ref);
    }

    @Override
    public Instant renew() {
        return claims.renew(agent(), ref);
    }

    @Override
    public CompletionStage<LostClaim> lost() {
        return losses.watch(ref);
    }

    @Override
    public void release() {
        try {
            claims.release(agent(), ref);
        } catch (FencedException e) {
            ended();
            throw e;
        }
        // Only after a success: if the release failed, the claim is still held, and close() must try again.
        ended();
    }

    @Override
    public CommitResult tryCommitAndRelease(WriteBatch writes) {
        CommitResult result =
                tryCommit(writes, (scope, sequence) -> scope.end(ref.token().claim(), sequence, ClaimEnd.RELEASED));
        if (result instanceof CommitResult.Applied) {
            claims.released(ref);
            ended();
        }
        return result;
    }

    @Override
    public void close() {
        if (!ended.get()) {
            try {
                release();
            } catch (FencedException | StoreClosedException e) {
                // The claim was lost, or released with the store. There is nothing to release, and every write since
                // then has been refused.
                return;
            } catch (RuntimeException | Error e) {
                if (owed.compareAndSet(false, true)) {
                    claims.releaseLater(agent(), ref, this::ended, e);
                }
                throw e;
            }
        }
    }

    /**
     * Releases the claim after another failure. Waits for no lock, and throws nothing because of one. A release that is
     * impossible now is retried in the background.
     */
    public void abandon() {
        try {
            Patience.of(Duration.ZERO).during(() -> {
                close();
                return true;
            });
        } catch (FencepostException e) {
            LOG.debug("Releasing {} failed; the heartbeat repeats it", this, e);
        }
    }

    /**
     * Marks the claim as ended by its holder in a commit that also did something else. No release is necessary any
     * more.
     */
    public void ended() {
        if (ended.compareAndSet(false, true)) {
            losses.released(ref);
            onEnd.run();
        }
    }

    @Override
    public String toString() {
        return "claim on " + keys() + " as " + agent();
    }
}
