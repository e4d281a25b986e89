package dev.fencepost;

import java.util.List;
import java.util.stream.Collectors;

/** How asking for a claim ended. */
public sealed interface ClaimResult {
    /** The claim is held. */
    record Granted(Claim claim) implements ClaimResult {
        @Override
        public Claim orThrow() {
            return claim;
        }
    }

    /**
     * Somebody else holds one of the keys, or came first to wait for it.
     *
     * @param heldBy the claims that stand in the way, one for each key that is held
     * @param queuedAhead how many requests for any of the keys came before this one
     */
    record Busy(List<ClaimInfo> heldBy, int queuedAhead) implements ClaimResult {
        public Busy {
            heldBy = List.copyOf(heldBy);
        }

        /** Who stands in the way, in a sentence for people. */
        public String message() {
            String holders = heldBy.stream()
                    .map(held -> "'" + held.key() + "' is claimed by " + held.holder() + " under epoch " + held.epoch()
                            + " until " + held.expiresAt())
                    .collect(Collectors.joining("; "));
            String queue = queuedAhead + (queuedAhead == 1 ? " request" : " requests") + " came first";
            return holders.isEmpty() ? queue : queuedAhead == 0 ? holders : holders + "; " + queue;
        }

        @Override
        public Claim orThrow() {
            throw new ClaimBusyException(this);
        }
    }

    /**
     * Waiting would never end: those who stand in the way wait, in turn, for what the asking thread holds. A claim counts
     * as held by the thread that asked for it, also where another thread is to release it.
     *
     * @param cycle the requests in the circle, beginning with the one that was refused; each waits for the next
     */
    record Deadlock(List<Waiter> cycle) implements ClaimResult {
        public Deadlock {
            cycle = List.copyOf(cycle);
        }

        /** The circle, in a sentence for people. */
        public String message() {
            return "waiting would never end: "
                    + cycle.stream()
                            .map(waiter -> waiter.holder() + " wants " + waiter.keys())
                            .collect(Collectors.joining(", who stands behind ", "", ", who stands behind the first"))
                    + "; release what you hold and ask again";
        }

        @Override
        public Claim orThrow() {
            throw new DeadlockException(this);
        }
    }

    /** A request that waits. */
    record Waiter(ClaimHolder holder, List<String> keys) {
        public Waiter {
            keys = List.copyOf(keys);
        }
    }

    /**
     * The claim.
     *
     * @throws ClaimBusyException if the keys are held by somebody else
     * @throws DeadlockException if waiting would never end
     */
    Claim orThrow();
}
