package dev.fencepost.benchmarks.peers;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.RetryPolicy;
import dev.fencepost.benchmarks.peers.Peer.Worker;
import java.time.Duration;

/** Fencepost's ways to read, compute and write one key: each value is computed from the previous one. */
final class HotWorkers {
    /**
     * The library's default policy, but with a longer deadline: a thread may lose many races, and giving up is counted.
     */
    private static final RetryPolicy RETRY = RetryPolicy.standard().maxDuration(Duration.ofMinutes(1));

    private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private HotWorkers() {}

    /** Creates an optimistic worker: it writes if the version is unchanged, else reads again. */
    static Worker updating(FencepostPeer peer) {
        Agent agent = peer.agent();
        return unlessExhausted(key -> agent.update(peer.key(key), BenchmarkValues.of(0), BenchmarkValues::next, RETRY));
    }

    /** Creates an optimistic worker that runs serializable transactions. */
    static Worker transacting(FencepostPeer peer) {
        Agent agent = peer.agent();
        return unlessExhausted(number -> {
            Key<String> key = peer.key(number);
            agent.transact(
                    tx -> {
                        tx.put(
                                key,
                                BenchmarkValues.next(tx.get(key).orElseThrow().value()));
                        return null;
                    },
                    RETRY);
        });
    }

    /** Creates a pessimistic worker: it waits for the claim, reads, writes and releases. */
    static Worker claiming(FencepostPeer peer) {
        Agent agent = peer.agent();
        return number -> {
            Key<String> key = peer.key(number);
            ClaimResult asked = agent.claim(key, LEASE, LONGEST_WAIT);
            if (asked instanceof ClaimResult.Busy) {
                return false;
            }
            try (Claim claim = asked.orThrow()) {
                claim.put(
                        key,
                        BenchmarkValues.next(peer.store().get(key).orElseThrow().value()));
            }
            return true;
        };
    }

    /** A write that succeeds or gives up. */
    private interface Write {
        void to(int key);
    }

    private static Worker unlessExhausted(Write write) {
        return key -> {
            try {
                write.to(key);
                return true;
            } catch (RetriesExhaustedException e) {
                return false;
            }
        };
    }
}
