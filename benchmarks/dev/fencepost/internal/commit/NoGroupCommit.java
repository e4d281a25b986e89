package dev.fencepost.internal.commit;

import dev.fencepost.Conflict;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.process.ReclaimPolicy;
import dev.fencepost.internal.read.HighWaterMark;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sqlite.SqliteEngine;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The commit path without group commit. It does what {@link AbstractWriter#tryPut} does, with the same validation, in a
 * batch of one. Not thread-safe.
 */
public final class NoGroupCommit implements AutoCloseable {
    private final ReaderPool reads;
    private final ReadCache cache;
    private final GroupCommitter runner;
    private final FencingCheck fences;
    private final ReclaimPolicy reclaims;
    private final WriteEncoder writing;

    public NoGroupCommit(StoreConfig config) {
        Engine engine = SqliteEngine.open(config);
        HighWaterMark highWater = new HighWaterMark();
        this.reads = new ReaderPool(engine, highWater);
        this.cache = new ReadCache(engine, highWater, reads, config);
        ProcessProbe probe = new ProcessProbe();
        this.runner = new GroupCommitter(engine, config, highWater, probe.own(), cache, ProtocolTrace.Factory.NONE);
        this.fences = new FencingCheck(engine.storeId());
        this.reclaims = new LivenessChecker(probe, config.heartbeat());
        this.writing = new WriteEncoder(config);
    }

    /**
     * Writes a value if the key has this version and no other agent claims it.
     *
     * @return empty if it was committed, otherwise the current version
     */
    public OptionalLong put(String agent, Key<String> key, String value, long version) {
        CommitRequest.EncodedWrite<String> write = writing.put(key, value, Precondition.ifVersion(version));
        CommitRequest request = new CommitRequest(agent, List.of(write), List.of(), Optional.empty());
        QueuedTask<CommitDecision> pending = new QueuedTask<>(
                new CommitValidator(request, fences, reclaims, false, null, false),
                Thread.currentThread(),
                runner.patience());
        runner.run(List.of(pending));
        CommitDecision decision = pending.outcome();
        if (decision instanceof CommitDecision.Applied) {
            return OptionalLong.empty();
        }
        Conflict<?> unmet =
                (Conflict<?>) ((CommitDecision.Refused) decision).refusals().get(0);
        return OptionalLong.of(unmet.latest().orElseThrow().stamp().version());
    }

    @Override
    public void close() {
        runner.close();
        reads.close();
        cache.close();
    }
}
