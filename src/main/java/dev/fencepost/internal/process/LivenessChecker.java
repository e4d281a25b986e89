package dev.fencepost.internal.process;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimInfo.Status;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.ProcessFingerprint;
import dev.fencepost.internal.sql.ProcessRow;
import dev.fencepost.internal.sql.WaiterRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Detects dead and stalled processes, and claims that can be taken over. It decides only when other agents may proceed,
 * never whether a write is safe: a holder that is judged dead and still runs is fenced by its epoch.
 */
public final class LivenessChecker implements ReclaimPolicy {
    /** The number of missed heartbeats after which a process counts as stalled. */
    static final int MISSED_BEATS = 3;

    private final ProcessProbe facts;
    private final Duration shortestLease;
    private final long silence;

    public LivenessChecker(ProcessProbe facts, Duration heartbeat) {
        this.facts = facts;
        this.shortestLease = heartbeat.multipliedBy(MISSED_BEATS);
        this.silence = heartbeat.toMillis() * MISSED_BEATS;
    }

    @Override
    public Optional<ClaimEnd> reclaim(ClaimRow claim, ClaimTables tables, long now) {
        LivenessView view = at(tables, now);
        Optional<ClaimEnd> ending = view.ending(claim);
        view.repair();
        return ending;
    }

    /** Returns the shortest lease that heartbeats can keep alive. */
    public Duration shortestLease() {
        return shortestLease;
    }

    /** Records in the file that a process is alive, unless it did so less than half a heartbeat ago. */
    public void show(long process, ClaimTables tables, long now) {
        tables.heartbeatUnlessRecent(process, now, now - silence / MISSED_BEATS / 2);
    }

    /** Returns a view of one moment, which checks each process at most once. */
    public LivenessView at(ClaimTables tables, long now) {
        return new LivenessView(tables, now);
    }

    private static Status status(ClaimEnd takeover) {
        return switch (takeover) {
            case HOLDER_DEAD -> Status.HOLDER_DEAD;
            case HELD_TOO_LONG -> Status.HELD_TOO_LONG;
            case LEASE_EXPIRED -> Status.LAPSED;
            case RELEASED, REVOKED, UNKNOWN -> throw new IllegalArgumentException(takeover + " is no takeover");
        };
    }

    /** A view of one moment: which processes and claims are alive. Only {@link #repair} writes. */
    public final class LivenessView {
        private final ClaimTables tables;
        private final long now;
        private final Map<Long, Boolean> gone = new HashMap<>();
        private final Map<Long, Optional<ProcessRow>> processes = new HashMap<>();

        private final Set<Long> claimsInFuture = new HashSet<>();
        private final Set<Long> processesInFuture = new HashSet<>();
        private final Set<Long> lapsedWaiters = new HashSet<>();
        private long until = Long.MAX_VALUE;

        private LivenessView(ClaimTables tables, long now) {
            this.tables = tables;
            this.now = now;
        }

        public ClaimTables tables() {
            return tables;
        }

        /**
         * Returns the reason that a takeover now would record for the end of a claim; empty if the claim is alive.
         *
         * <p>The lease of a claim that another process granted begins with the first heartbeat of its holder. Before
         * that it lives as long as the request did: until its process has missed too many heartbeats.
         */
        public Optional<ClaimEnd> ending(ClaimRow claim) {
            if (claim.terms().heartbeats() && isGone(claim.holder().process())) {
                return Optional.of(ClaimEnd.HOLDER_DEAD);
            }
            if (!claim.isShown() && !beats(claim.holder().process())) {
                return Optional.of(ClaimEnd.LEASE_EXPIRED);
            }
            if (now < claim.renewedAt()) {
                claimsInFuture.add(claim.id());
            }
            if (now < claim.expiresAt()) {
                until = Math.min(until, claim.expiresAt());
                return Optional.empty();
            }
            boolean tooLong = claim.terms().heartbeats() && now >= claim.heldUntil();
            return Optional.of(tooLong ? ClaimEnd.HELD_TOO_LONG : ClaimEnd.LEASE_EXPIRED);
        }

        /**
         * Returns a claim on one of its keys as other agents see it, with the status that follows from {@link #ending}.
         */
        public ClaimInfo seen(ClaimRow claim, String key, long epoch) {
            return claim.on(
                    key, epoch, ending(claim).map(LivenessChecker::status).orElse(Status.HELD));
        }

        /** Returns whether a heartbeat or a renewal has a date in the future, until {@link #repair} corrects it. */
        public boolean clockWasPutBack() {
            return !claimsInFuture.isEmpty() || !processesInFuture.isEmpty();
        }

        /**
         * Corrects in the file what this view has found, in a write transaction that grants or takes over.
         *
         * <p>If the clock was put back, the date of a heartbeat or a renewal in the future becomes now. So a silent
         * holder counts as alive for one more lease only, and not for as long as the clock was put back.
         *
         * <p>A request that lost its place is deleted from the queue. Later requests queue up without counting it, so
         * it must not return to its old place. If its process continues after all, it queues up anew.
         */
        public void repair() {
            claimsInFuture.forEach(claim -> tables.renew(claim, now));
            processesInFuture.forEach(process -> tables.heartbeat(process, now));
            lapsedWaiters.forEach(tables::deleteWaiter);
        }

        /**
         * Returns whether a request keeps its place in the queue: its wait is not over, and its process is alive and
         * shows it.
         */
        public boolean keepsItsPlace(WaiterRow waiter) {
            long process = waiter.holder().process();
            boolean keeps = waiter.until() >= now && beats(process) && !isGone(process);
            if (keeps) {
                until = Math.min(until, waiter.until() + 1);
            } else {
                lapsedWaiters.add(waiter.ticket());
            }
            return keeps;
        }

        /**
         * Tells whether a process is not known to be gone, and has shown within a lease that it lives.
         *
         * @param at the time by which the lease is judged, not later than this moment
         */
        public boolean shows(long process, long lease, long at) {
            return !isGone(process)
                    && process(process)
                            .map(row -> row.heartbeatAt() + lease >= at)
                            .orElse(false);
        }

        /**
         * Returns whether this view can be outdated although nothing was committed: a process that counted as alive
         * died, a deadline passed, or the clock was put back. Does not read the file.
         *
         * @param later the present time, in milliseconds of the time of day
         */
        public boolean isOutdated(long later) {
            return later < now || later >= until || living().anyMatch(facts::isGone);
        }

        /** Returns the time at which the first lease, wait or heartbeat that counted expires. */
        long until() {
            return until;
        }

        /** Returns the processes that counted as alive. */
        Stream<ProcessFingerprint> living() {
            return processes.entrySet().stream()
                    .filter(asked -> Boolean.FALSE.equals(gone.get(asked.getKey())))
                    .flatMap(asked -> asked.getValue().stream())
                    .map(ProcessRow::facts);
        }

        private boolean beats(long process) {
            long silentAt =
                    process(process).map(row -> row.heartbeatAt() + silence).orElse(Long.MIN_VALUE);
            if (silentAt < now) {
                return false;
            }
            until = Math.min(until, silentAt + 1);
            return true;
        }

        private boolean isGone(long process) {
            return gone.computeIfAbsent(
                    process,
                    id -> process(id).map(row -> facts.isGone(row.facts())).orElse(true));
        }

        private Optional<ProcessRow> process(long process) {
            return processes.computeIfAbsent(process, id -> {
                Optional<ProcessRow> row = tables.process(id);
                row.filter(found -> now < found.heartbeatAt()).ifPresent(found -> processesInFuture.add(id));
                return row;
            });
        }
    }
}
