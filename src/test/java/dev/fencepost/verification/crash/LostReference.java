package dev.fencepost.verification.crash;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.CommitId;
import dev.fencepost.FencepostException;
import dev.fencepost.Freshness;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostHistoryException;
import dev.fencepost.Position;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The references to a history that a program may hold: a claim with its token, a position, a snapshot, and the ID of a
 * commit. After a restore the store must refuse each of them.
 */
record LostReference(Key<String> key, Claim claim, Position position, Snapshot snapshot, CommitId commit) {
    private static final Lease LEASE = Lease.withoutHeartbeats(Duration.ofHours(1));

    /** Creates references to the present history. */
    static LostReference take(Store store, String name) {
        Key<String> key = Key.text("reference/" + name);
        Claim claim = store.agent(name).claim(key, LEASE).orThrow();
        Position position = store.position();
        CommitId commit = new CommitId(store.id(), 1, 1, position.sequence());
        return new LostReference(key, claim, position, store.snapshot(), commit);
    }

    /** Returns the references with the ID of an actual commit. */
    LostReference with(Image image) {
        return new LostReference(
                key,
                claim,
                position,
                snapshot,
                new CommitId(image.history(), image.process(), image.ordinal(), image.newest()));
    }

    /**
     * Uses all references with the present store.
     *
     * @param remembered true if the store must know their history as a former one
     * @return the references that it did not refuse
     */
    List<String> offer(Store store, boolean remembered) {
        Agent agent = store.agent("returner");
        Map<String, Runnable> uses = Map.of(
                "token", () -> agent.resume(claim.token()).release(),
                "position", () -> store.get(key, Freshness.atLeast(position)),
                "commit id", () -> store.outcome(commit),
                "claim",
                        () -> agent.tryCommit(WriteBatch.of()
                                .put(Key.text("reference/x"), "x")
                                .fencedBy(claim)),
                "snapshot",
                        () -> agent.tryCommit(WriteBatch.of()
                                .put(Key.text("reference/x"), "x")
                                .basedOn(snapshot)));
        List<String> wrong = new ArrayList<>();
        uses.forEach((what, use) -> {
            try {
                use.run();
                wrong.add("a " + what + " of the lost history " + position.storeId() + " was not refused");
            } catch (FencepostException e) {
                if (remembered && !(e instanceof LostHistoryException)) {
                    wrong.add("a " + what + " of the lost history " + position.storeId() + " was refused by " + e);
                }
            }
        });
        return wrong;
    }
}
