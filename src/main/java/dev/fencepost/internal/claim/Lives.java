package dev.fencepost.internal.claim;

import dev.fencepost.Ending;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.GrantRow;
import dev.fencepost.internal.sql.ProcessRow;
import dev.fencepost.internal.sql.WaiterRow;
import dev.fencepost.internal.txn.Reclaims;
import java.time.Duration;
import java.util.Optional;

/**
 * Who still lives. This decides only when others may go on, never whether a write is safe: whatever is judged dead here
 * and wakes up after all is stopped by its epoch.
 */
final class Lives implements Reclaims {
    /** A process that misses so many heartbeats is taken for stalled. */
    static final int MISSED_BEATS = 3;

    private final Facts facts;
    private final long silence;

    Lives(Facts facts, Duration heartbeat) {
        this.facts = facts;
        this.silence = heartbeat.toMillis() * MISSED_BEATS;
    }

    @Override
    public Optional<Ending> ending(GrantRow claim, ClaimTables tables, long now) {
        if (claim.terms().heartbeats() && isGone(tables, claim.holder().process())) {
            return Optional.of(Ending.HOLDER_DEAD);
        }
        if (now < claim.expiresAt()) {
            return Optional.empty();
        }
        boolean tooLong = claim.terms().heartbeats() && now >= claim.heldUntil();
        return Optional.of(tooLong ? Ending.HELD_TOO_LONG : Ending.LEASE_EXPIRED);
    }

    /** Whether a request still stands: its wait is not over, and its process lives and shows it. */
    boolean waits(WaiterRow waiter, ClaimTables tables, long now) {
        if (waiter.until() < now) {
            return false;
        }
        Optional<ProcessRow> process = tables.process(waiter.holder().process());
        return process.isPresent() && !isGone(process.get()) && process.get().heartbeatAt() + silence >= now;
    }

    /** How long a process that waits may show no sign of life before it is left out. */
    Duration silence() {
        return Duration.ofMillis(silence);
    }

    private boolean isGone(ClaimTables tables, long process) {
        return tables.process(process).map(this::isGone).orElse(true);
    }

    private boolean isGone(ProcessRow process) {
        return process.closed() || facts.isGone(process.facts());
    }
}
