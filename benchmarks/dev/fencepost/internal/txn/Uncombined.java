package dev.fencepost.internal.txn;

import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.sql.OpenedFile;
import dev.fencepost.internal.sql.Opening;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The commit path without the queue that combines callers: what {@link Committer#put} does, judged by the same guards and
 * run by the same runner, as a batch of one. For one caller at a time.
 */
public final class Uncombined implements AutoCloseable {
    private final ReadPath reads;
    private final ReadCache cache;
    private final BatchRunner runner;
    private final Fences fences;
    private final Reclaims reclaims;
    private final Writing writing;

    public Uncombined(StoreConfig config) {
        OpenedFile file = Opening.open(config);
        Horizon horizon = new Horizon();
        this.reads = new ReadPath(file, horizon);
        this.cache = new ReadCache(file, horizon, reads, config);
        this.runner = new BatchRunner(file, config, horizon, Claims.ownFacts(), cache);
        this.fences = new Fences(file.storeId());
        this.reclaims = Claims.reclaims(config);
        this.writing = new Writing(config);
    }

    /**
     * Writes a value if the key is at this version, and no claim of somebody else stands on it.
     *
     * @return empty if it was committed, otherwise the version that stands
     */
    public OptionalLong put(String agent, Key<String> key, String value, long version) {
        CommitRequest.Write<String> write = writing.put(key, value, Precondition.ifVersion(version));
        CommitRequest request = new CommitRequest(agent, List.of(write), List.of(), Optional.empty());
        Pending<Verdict> pending = new Pending<>(
                new Judge(request, fences, reclaims, false, null, false), Thread.currentThread(), runner.patience());
        runner.run(List.of(pending));
        Verdict verdict = pending.outcome();
        if (verdict instanceof Verdict.Applied) {
            return OptionalLong.empty();
        }
        Verdict.Unmet unmet =
                (Verdict.Unmet) ((Verdict.Refused) verdict).reasons().get(0);
        return OptionalLong.of(unmet.latest().orElseThrow().stamp().version());
    }

    @Override
    public void close() {
        runner.close();
        reads.close();
        cache.close();
    }
}
