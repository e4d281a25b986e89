package dev.fencepost.verification.crash;

import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.FencedException;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.WriteLockTimeoutException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** Operations under claims. A thread claims a key, writes under the claim, and is fenced if it loses the claim. */
final class ClaimWorkload {
    private static final Duration WAIT = Duration.ofMillis(300);
    private static final int SHARED = 6;
    private static final int MOST_WRITES = 12;
    private static final int PAUSE_MILLIS = 60;

    private ClaimWorkload() {}

    /** Claims one of the contended keys. */
    static void claim(Workload labour) {
        hold(labour, shared(labour), labour.random().nextInt(MOST_WRITES));
    }

    /** Claims a key that no other thread wants, and holds it until it is taken over. */
    static void keep(Workload labour) {
        hold(labour, Keys.FENCED.key(labour.name()), Integer.MAX_VALUE);
    }

    /** Writes without a claim to a key that others may have claimed. */
    static void intrude(Workload labour) {
        Key<String> key = shared(labour);
        labour.piece(1, work -> Workload.told(labour.agent().tryPut(key, Keys.value(0, work))));
        pause(labour);
    }

    private static Key<String> shared(Workload labour) {
        return Keys.FENCED.key("" + labour.random().nextInt(SHARED));
    }

    private static void hold(Workload labour, Key<String> key, int writes) {
        ClaimResult asked;
        try {
            asked = labour.agent().claim(key, CrashMain.LEASE, WAIT);
        } catch (FencepostException e) {
            // The store is busy, for example because a process is stopped in the middle of a commit.
            Workload.rest(e);
            return;
        }
        if (asked instanceof ClaimResult.Granted granted) {
            long epoch = granted.claim().epoch(key);
            labour.ledger().granted(key.name(), epoch);
            try {
                for (int i = 0; i < writes; i++) {
                    act(labour, granted.claim(), key);
                    pause(labour);
                }
                giveBack(granted.claim());
            } catch (FencedException e) {
                labour.ledger().fenced(key.name(), epoch);
            }
        }
    }

    /** Releases the claim, and retries until it is released or lost. On a busy store the claim is still held. */
    static void giveBack(Claim claim) {
        while (true) {
            try {
                claim.release();
                return;
            } catch (WriteLockTimeoutException e) {
                Thread.onSpinWait();
            }
        }
    }

    private static void act(Workload labour, Claim claim, Key<String> key) {
        switch (labour.random().nextInt(5)) {
            case 0 -> renew(claim);
            case 1 ->
                labour.piece(
                        1,
                        work -> claim.transact(tx -> {
                            int before = tx.get(key)
                                    .map(found -> Keys.number(found.value()))
                                    .orElse(0);
                            tx.put(key, Keys.value(before + 1, work));
                            return OptionalLong.of(0);
                        }));
            default ->
                labour.piece(
                        1,
                        work -> OptionalLong.of(
                                claim.put(key, Keys.value(0, work)).sequence()));
        }
    }

    private static void renew(Claim claim) {
        try {
            claim.renew();
        } catch (WriteLockTimeoutException e) {
            // Try again later.
            return;
        }
    }

    private static void pause(Workload labour) {
        // A stop during this pause does not block other processes.
        LockSupport.parkNanos(1_000_000L * labour.random().nextInt(PAUSE_MILLIS));
    }
}
