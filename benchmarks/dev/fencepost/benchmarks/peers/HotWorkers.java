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

/** The ways in which Fencepost reads, computes and writes one key: each value is made from the one before it. */
final class HotWorkers {
    /** The library's own policy, but for its deadline: it may be overtaken for long, and to give up is counted. */
    private static final RetryPolicy RETRY = RetryPolicy.standard().maxDuration(Duration.ofMinutes(1));

    private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private HotWorkers() {}

    /** Optimistic: writes if the version is still the same, else reads again. */
    static Worker updating(FencepostPeer peer) {
        Agent agent = peer.agent();
        return unlessExhausted(key -> agent.update(peer.key(key), BenchmarkValues.of(0), BenchmarkValues::next, RETRY));
    }

    /** Optimistic, as a serializable transaction. */
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

    /** Pessimistic: waits for the claim, reads, writes, releases. */
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

    /** Something that takes place, or is given up. */
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
