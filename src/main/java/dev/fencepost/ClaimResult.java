package dev.fencepost;

import java.util.List;
import java.util.stream.Collectors;

/** The result of a request for a claim. */
public sealed interface ClaimResult {
    /** A granted claim. */
    record Granted(Claim claim) implements ClaimResult {
        @Override
        public Claim orThrow() {
            return claim;
        }
    }

    /**
     * A request that was not granted: another holder has one of the keys, or other requests for it wait first.
     *
     * @param heldBy the claims that block the request, one for each key that is held
     * @param queuedAhead the number of requests for any of the keys that are ahead of this one
     */
    record Busy(List<ClaimInfo> heldBy, int queuedAhead) implements ClaimResult {
        public Busy {
            heldBy = List.copyOf(heldBy);
        }

        /** Returns a readable sentence that names the blocking holders. */
        public String message() {
            String holders = heldBy.stream()
                    .map(held -> "'" + held.key() + "' is claimed by " + held.holder() + " under epoch " + held.epoch()
                            + " until " + held.expiresAt())
                    .collect(Collectors.joining("; "));
            String queue = queuedAhead + (queuedAhead == 1 ? " request" : " requests") + " queued ahead";
            return holders.isEmpty() ? queue : queuedAhead == 0 ? holders : holders + "; " + queue;
        }

        @Override
        public Claim orThrow() {
            throw new ClaimBusyException(this);
        }
    }

    /**
     * A request that was refused by deadlock detection. The holders that block it wait, directly or through others, for
     * claims of the requesting thread. A claim counts as held by the thread that requested it, even where another
     * thread is to release it.
     *
     * @param cycle the requests in the cycle, beginning with the refused one; each waits for the next
     */
    record Deadlock(List<Waiter> cycle) implements ClaimResult {
        public Deadlock {
            cycle = List.copyOf(cycle);
        }

        /** Returns a readable sentence that names the requests in the cycle. */
        public String message() {
            return "this wait would be a deadlock: "
                    + cycle.stream()
                            .map(waiter -> waiter.holder() + " wants " + waiter.keys())
                            .collect(Collectors.joining(", who waits for ", "", ", who waits for the first"))
                    + ". Release the claims of this thread and claim the keys again";
        }

        @Override
        public Claim orThrow() {
            throw new DeadlockException(this);
        }
    }

    /** A waiting request in a cycle. */
    record Waiter(ClaimHolder holder, List<String> keys) {
        public Waiter {
            keys = List.copyOf(keys);
        }
    }

    /**
     * Returns the granted claim.
     *
     * @throws ClaimBusyException if another holder has one of the keys, or other requests wait first
     * @throws DeadlockException if waiting would never end
     */
    Claim orThrow();
}
