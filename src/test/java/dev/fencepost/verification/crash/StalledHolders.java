package dev.fencepost.verification.crash;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimResult;
import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.SqlPrompt;
import dev.fencepost.Store;
import dev.fencepost.WriteLockTimeoutException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * A process that holds several claims, one per thread, and is stopped repeatedly. Its claims are taken over when the
 * leases have expired. Then it is continued, and the next operation of each thread under its claim must be refused.
 */
final class StalledHolders {
    /** The roles of the process: each of its threads holds its own key. */
    static final String CAST = "keep,keep,keep,keep,keep,keep,keep,keep";

    private static final Lease LEASE = Lease.of(Duration.ofSeconds(5));
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final int MOST_MILLIS = 40;

    /** More epochs than a key has in the time of one check. */
    private static final int LATER_EPOCHS = 100;

    private final CrashProcess life;
    private final Store store;
    private final Agent heir;
    private final Workload labour;
    private final Random random;
    private final Totals tally;
    private int stopped;

    StalledHolders(CrashProcess life, Store store, Ledger ledger, Totals tally, Random random) {
        this.life = life;
        this.store = store;
        this.heir = store.agent("heir of " + life.name());
        this.labour = new Workload(
                store,
                CrashMain.config(store.file(), Durability.PROCESS_DEATH),
                heir,
                ledger,
                life.name() + ".heir",
                random.nextLong());
        this.random = random;
        this.tally = tally;
    }

    /** Runs one round. */
    void turn() throws IOException, InterruptedException {
        List<ClaimInfo> held = held();
        while (held.isEmpty() && life.isAlive()) {
            pause();
            held = held();
        }
        pause();
        life.stop();
        stopped = life.said();
        tally.add("stops", 1);
        try {
            held = held();
            if (!held.isEmpty()) {
                takeOver(held);
            }
        } catch (WriteLockTimeoutException e) {
            // The process was stopped in the middle of a commit, and blocks all writers until it is continued.
            tally.add("stopped-in-a-commit", 1);
        } catch (FencepostException e) {
            // The successor was late, too, and has lost the claims that it took over.
            tally.add("heirs-too-late", 1);
        } finally {
            life.wake();
        }
    }

    private List<ClaimInfo> held() throws IOException {
        long pid = life.pid();
        return store.claims().stream()
                .filter(claim -> claim.holder().pid() == pid)
                .toList();
    }

    private void takeOver(List<ClaimInfo> held) throws IOException, InterruptedException {
        List<Key<String>> keys =
                held.stream().map(claim -> Key.text(claim.key())).toList();
        if (!(heir.claim(keys, LEASE, WAIT) instanceof ClaimResult.Granted granted)) {
            tally.add("not-taken-over", 1);
            return;
        }
        Claim claim = granted.claim();
        try {
            if (random.nextBoolean()) {
                labour.piece(
                        1,
                        work -> OptionalLong.of(
                                claim.put(keys.get(0), Keys.value(0, work)).sequence()));
            }
            if (random.nextBoolean()) {
                // The process is continued while the successor holds the claim, or else after its release. It is a
                // zombie either way, if it knew of its claim.
                wakeAndWatch(held.stream().filter(this::isLearned).toList());
            }
        } finally {
            ClaimWorkload.giveBack(claim);
        }
        wakeAndWatch(held);
        tally.add("wakings", 1);
        tally.add("zombies-refused", (int) held.stream().filter(this::isRefused).count());
    }

    private void wakeAndWatch(List<ClaimInfo> held) throws IOException, InterruptedException {
        life.wake();
        long end = System.nanoTime() + PATIENCE_NANOS;
        for (ClaimInfo claim : held) {
            while (!isRefused(claim)) {
                if (wasNeverLearned(claim)) {
                    tally.add("grants-never-learned", 1);
                    break;
                }
                if (System.nanoTime() - end > 0) {
                    labour.ledger().odd("a zombie was not refused: " + claim);
                    return;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private boolean isRefused(ClaimInfo claim) {
        return says("fenced ", claim, claim.epoch(), stopped);
    }

    private boolean isLearned(ClaimInfo claim) {
        return says("granted ", claim, claim.epoch(), 0);
    }

    /**
     * Tells whether the process was stopped before it knew of a claim that another process handed over to it. After its
     * end, its thread asks again, and gets a later claim.
     */
    private boolean wasNeverLearned(ClaimInfo claim) {
        return !isLearned(claim)
                && wasHandedOver(claim)
                && LongStream.rangeClosed(claim.epoch() + 1, claim.epoch() + LATER_EPOCHS)
                        .anyMatch(epoch -> says("granted ", claim, epoch, stopped));
    }

    private boolean wasHandedOver(ClaimInfo claim) {
        try {
            return SqlPrompt.number(
                            store.file(),
                            "SELECT count(*) FROM claim_keys gk JOIN keys k ON k.id = gk.key_id JOIN claims g"
                                    + " ON g.id = gk.claim_id JOIN commits c ON c.sequence = g.id WHERE k.key = '"
                                    + claim.key() + "' AND gk.epoch = " + claim.epoch() + " AND c.process <> g.process")
                    > 0;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private boolean says(String what, ClaimInfo claim, long epoch, int after) {
        try {
            return life.says("\n" + what + claim.key() + " " + epoch + "\n", after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pauses for a random time. */
    private void pause() {
        LockSupport.parkNanos(1_000_000L * random.nextInt(MOST_MILLIS));
    }
}
