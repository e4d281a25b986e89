package dev.fencepost.internal.claim;

import dev.fencepost.ClaimEnd;
import dev.fencepost.LostClaim;
import dev.fencepost.internal.commit.FencingCheck;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.util.BackgroundThread;
import java.time.Duration;
import java.util.ArrayList;
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

    /** A claim that is watched. */
    private record Watched(FencingToken claim, CompletableFuture<LostClaim> lost) {}

    private final ReaderPool reads;
    private final FencingCheck fences;
    private final CommitNotifier notifier;
    private final Duration interval;
    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
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
        Watched watching =
                watched.computeIfAbsent(claim.token().claim(), id -> new Watched(claim, new CompletableFuture<>()));
        boolean unused = looks.ask();
        return watching.lost().minimalCompletionStage();
    }

    /** Notes that a commit under a claim, or its renewal or release, was fenced. */
    void fenced(List<LostClaim> lost) {
        watched.values().stream()
                .filter(watching -> isOf(watching.claim(), lost.get(0)))
                .forEach(watching -> end(watching, lost.get(0)));
    }

    private static boolean isOf(FencingToken claim, LostClaim lost) {
        return claim.keys().contains(new FencingToken.KeyEpoch(lost.key(), lost.epoch()));
    }

    /** Stops watching a claim that was released. */
    void released(FencingToken claim) {
        watched.remove(claim.token().claim());
    }

    private void end(Watched watching, LostClaim lost) {
        watched.remove(watching.claim().token().claim());
        if (lost.ending() != ClaimEnd.RELEASED) {
            // On another thread: this one may be a writer, or must continue to check.
            watching.lost().completeAsync(() -> lost);
        }
    }

    private Duration pass() {
        if (watched.isEmpty()) {
            listen(false);
            return BackgroundThread.UNTIL_ASKED;
        }
        listen(true);
        look();
        return interval;
    }

    /** Checks all watched claims. */
    void look() {
        for (Watched watching : List.copyOf(watched.values())) {
            List<LostClaim> lost = reads.read(session -> lost(watching, session));
            if (!lost.isEmpty()) {
                end(watching, lost.get(0));
            }
        }
    }

    private List<LostClaim> lost(Watched watching, Session session) {
        return fences.lost(watching.claim(), new ClaimTables(session));
    }

    private void listen(boolean wanted) {
        CommitNotifier.Listener present = listener;
        if (wanted && present == null) {
            listener = notifier.listen(List.of(), this::askIfLost);
        } else if (!wanted && present != null) {
            present.close();
            listener = null;
        }
    }

    /** Requests a check if it would find a lost claim. Called by the thread that is notified of commits. */
    private boolean askIfLost() {
        List<Watched> present = new ArrayList<>(watched.values());
        boolean some = reads.read(
                session -> present.stream().anyMatch(one -> !lost(one, session).isEmpty()));
        if (some) {
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
