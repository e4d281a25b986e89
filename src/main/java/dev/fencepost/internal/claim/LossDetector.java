package dev.fencepost.internal.claim;

import dev.fencepost.ClaimEnd;
import dev.fencepost.LostClaim;
import dev.fencepost.internal.commit.FencingCheck;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.util.BackgroundThread;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Detects lost claims, for holders that ask. It checks at each heartbeat interval, at each commit that is notified, and
 * when a commit under a claim is fenced. Safe for use by many threads.
 */
final class LossDetector implements AutoCloseable {
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final ReaderPool reads;
    private final FencingCheck fences;
    private final CommitNotifier notifier;
    private final Duration interval;
    private final Map<FencingToken, CompletableFuture<LostClaim>> watched = new ConcurrentHashMap<>();
    private final BackgroundThread looks;
    /** Used only by the background thread. */
    private CommitNotifier.@Nullable Listener listener;

    LossDetector(ReaderPool reads, FencingCheck fences, CommitNotifier notifier, Duration interval) {
        this.reads = reads;
        this.fences = fences;
        this.notifier = notifier;
        this.interval = interval;
        this.looks = new BackgroundThread("fencepost-claim-watch", this::pass, interval);
    }

    /** Returns a stage that completes when the claim has ended otherwise than by release. */
    CompletionStage<LostClaim> watch(FencingToken claim) {
        CompletableFuture<LostClaim> stage = watched.computeIfAbsent(claim, watching -> new CompletableFuture<>());
        boolean unused = looks.ask();
        return stage.minimalCompletionStage();
    }

    /** Notes that a commit under a claim, or its renewal or release, was fenced. */
    void fenced(List<LostClaim> lost) {
        FencingToken.KeyEpoch key =
                new FencingToken.KeyEpoch(lost.get(0).key(), lost.get(0).epoch());
        watched.keySet().stream().filter(claim -> claim.keys().contains(key)).forEach(claim -> end(claim, lost.get(0)));
    }

    /** Stops watching a claim that was released. */
    void released(FencingToken claim) {
        watched.remove(claim);
    }

    private void end(FencingToken claim, LostClaim lost) {
        CompletableFuture<LostClaim> stage = watched.remove(claim);
        if (stage != null && lost.ending() != ClaimEnd.RELEASED) {
            // On another thread: this one may be a writer, or must continue to check.
            stage.completeAsync(() -> lost);
        }
    }

    private Duration pass() {
        if (!watched.isEmpty()) {
            if (listener == null) {
                listener = notifier.listen(List.of(), this::askIfLost);
            }
            look();
            return interval;
        }
        if (listener != null) {
            listener.close();
            listener = null;
        }
        return BackgroundThread.UNTIL_ASKED;
    }

    /** Checks all watched claims. */
    void look() {
        findLost().forEach(this::end);
    }

    private Map<FencingToken, LostClaim> findLost() {
        // Copied before the read, which does not see later claims.
        List<FencingToken> present = List.copyOf(watched.keySet());
        return reads.read(session -> {
            ClaimTables tables = new ClaimTables(session);
            Map<FencingToken, LostClaim> found = new HashMap<>();
            for (FencingToken claim : present) {
                fences.lost(claim, tables).stream().findFirst().ifPresent(lost -> found.put(claim, lost));
            }
            return found;
        });
    }

    /** Requests a check if it would find a lost claim. Called by the thread that is notified of commits. */
    private boolean askIfLost() {
        if (!findLost().isEmpty()) {
            boolean unused = looks.ask();
        }
        // No thread waits on this listener, and it must be called at the next commit too.
        return false;
    }

    @Override
    public void close() {
        looks.close();
    }

    /** Waits for a check under way, after {@link #close}, for a bounded time. */
    void awaitEnd() {
        boolean unused = looks.awaitEnd(LONGEST_END);
    }
}
