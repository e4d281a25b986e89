package dev.fencepost.internal.claim;

import dev.fencepost.ClaimEnd;
import dev.fencepost.FencepostException;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.internal.claim.Heartbeat.Owed;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.util.Patience;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Releases claims that their holders can no longer release. Safe for use by many threads. */
final class Releases {
    private final CommitQueue queue;
    private final Heartbeat heartbeat;
    private final CommitNotifier notifier;

    Releases(CommitQueue queue, Heartbeat heartbeat, CommitNotifier notifier) {
        this.queue = queue;
        this.heartbeat = heartbeat;
        this.notifier = notifier;
    }

    /** Returns the change that releases a claim unless it has ended. */
    static Consumer<WriteTransaction> change(String agent, FencingToken claim) {
        return change(agent, claim.token().claim(), claim.token().nonce());
    }

    /** Returns the change that releases a claim unless it has ended. */
    static Consumer<WriteTransaction> change(String agent, long claim, String nonce) {
        return scope -> scope.claims()
                .grant(claim)
                .filter(grant -> grant.nonce().equals(nonce) && grant.end().isEmpty())
                .ifPresent(grant -> scope.end(grant.id(), scope.sequence(agent), ClaimEnd.RELEASED));
    }

    /** Releases a claim that may have been granted and that no caller knows. Heartbeats must not keep it alive. */
    void unknown(String agent, String nonce, OutcomeUnknownException unknown) {
        Consumer<WriteTransaction> release = change(agent, unknown.commit().sequence(), nonce);
        try {
            Patience.of(Duration.ZERO).during(() -> {
                queue.change(release);
                return true;
            });
        } catch (StoreClosedException e) {
            unknown.addSuppressed(e);
        } catch (FencepostException e) {
            unknown.addSuppressed(e);
            heartbeat.owe(new Owed("Releasing a claim that may have been granted", release, () -> {}), e);
        }
    }

    /**
     * Releases a claim with the next heartbeat that succeeds, also if its lease does not depend on heartbeats.
     *
     * @param afterwards an action to run once, after the claim was released
     */
    void later(String agent, FencingToken claim, Runnable afterwards, Throwable because) {
        List<String> keys =
                claim.keys().stream().map(FencingToken.KeyEpoch::key).toList();
        Owed release = new Owed("Releasing the claim on " + keys, change(agent, claim), () -> {
            afterwards.run();
            notifier.notifyKeys(keys);
        });
        heartbeat.owe(release, because);
    }
}
