package dev.fencepost.internal.sql;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimHolder;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Reads and writes the rows of claims, of those who wait for them, and of processes, through one session. */
public final class ClaimTables {
    /** The largest number that JSON readers take exactly: 2 to the power of 53, less 1. */
    private static final long MAX_PROCESS_NUMBER = (1L << 53) - 1;

    private final Session session;

    public ClaimTables(Session session) {
        this.session = session;
    }

    /** Inserts the row of a process under a new random number, which it returns. Also notes the place of the file. */
    public long registerProcess(ProcessFingerprint facts, long now) {
        StorePlace.note(session);
        long number = newProcessNumber();
        session.change(
                Statements.REGISTER_PROCESS,
                number,
                facts.pid(),
                facts.started(),
                facts.boot(),
                facts.namespace(),
                now,
                now);
        return number;
    }

    /** Random, so that processes that write to different copies of a file have different numbers. */
    private long newProcessNumber() {
        long number;
        do {
            number = ThreadLocalRandom.current().nextLong(1, MAX_PROCESS_NUMBER + 1);
        } while (process(number).isPresent());
        return number;
    }

    /**
     * Adds to the row of a process that was registered in the same transaction how its times compare with those of others.
     *
     * @param clockOrigin the time of day, by its clock, at which the system was started; empty if unknown
     */
    public void describeProcess(long process, String timeNamespace, OptionalLong clockOrigin) {
        @Nullable Long origin = clockOrigin.isPresent() ? (Long) clockOrigin.getAsLong() : null;
        session.change(Statements.DESCRIBE_PROCESS, timeNamespace, origin, process);
    }

    /**
     * Returns the earliest time of day at which the system was started, by the clocks of processes that share its uptime.
     *
     * @param since the uptime before which a process must not have closed the store
     */
    public Optional<Long> earliestClockOrigin(String boot, String timeNamespace, long since) {
        return session.first(
                        Statements.EARLIEST_CLOCK_ORIGIN,
                        (rs, ctx) -> Nullables.number(rs, 1),
                        boot,
                        timeNamespace,
                        since)
                .flatMap(origin -> origin);
    }

    /** What is known of a process. */
    public Optional<ProcessRow> process(long id) {
        return session.first(Statements.PROCESS, (rs, ctx) -> ProcessRow.of(rs), id);
    }

    /** Notes that a process lives. */
    public void heartbeat(long process, long now) {
        session.change(Statements.HEARTBEAT, now, process);
    }

    /**
     * As {@link #heartbeat}, but writes nothing where the last sign of life is recent.
     *
     * @param recent the earliest time that counts as recent; one after {@code now} never does
     */
    public void heartbeatUnlessRecent(long process, long now, long recent) {
        session.change(Statements.HEARTBEAT_IF_DUE, now, process, recent, now);
    }

    /** As {@link #heartbeat}, but changes the row for certain, so that the transaction writes something. */
    public void touch(long process, long now) {
        session.change(Statements.TOUCH_PROCESS, now, process);
    }

    /** Notes that a process has closed the store. */
    public void closeProcess(long process, long now) {
        session.change(Statements.CLOSE_PROCESS, now, process);
    }

    /** The grant that a key says it is held under. */
    public ClaimRow holder(long claim) {
        return grant(claim)
                .orElseThrow(() -> Corruption.found("a key is held by the claim " + claim + ", which is not there"));
    }

    /** A claim, held or ended. */
    public Optional<ClaimRow> grant(long claim) {
        return session.first(Statements.GRANT, (rs, ctx) -> ClaimRow.of(rs), claim);
    }

    /** The keys of a claim, in the order of their names. */
    public List<ClaimKeyRow> keysOf(long claim) {
        return session.all(
                Statements.GRANT_KEYS,
                (rs, ctx) -> new ClaimKeyRow(rs.getLong(1), rs.getString(2), rs.getLong(3), rs.getLong(4)),
                claim);
    }

    /** Returns the present epoch of a key; 0 if it was never claimed. */
    public long presentEpoch(String key) {
        return session.first(Statements.KEY_BY_NAME, (rs, ctx) -> KeyRow.of(rs), key)
                .map(KeyRow::epoch)
                .orElse(0L);
    }

    /**
     * Makes a row for a new claim.
     *
     * @param keys how many keys it will be for; the file takes no more
     */
    public void insertGrant(ClaimRow grant, int keys) {
        session.change(
                Statements.INSERT_GRANT,
                grant.id(),
                grant.nonce(),
                grant.holder().process(),
                grant.holder().agent(),
                grant.thread(),
                grant.terms().lease(),
                grant.terms().longestHold(),
                keys,
                grant.terms().heartbeats() ? 1 : 0,
                grant.grantedAt(),
                grant.renewedAt());
    }

    /** Gives a free key to a claim, by the schema's trigger, with the key's next epoch, which is returned. */
    public long take(KeyRow key, long claim) {
        long epoch = key.epoch() + 1;
        session.change(Statements.INSERT_GRANT_KEY, claim, key.id(), epoch);
        return epoch;
    }

    /** Starts the lease and the longest hold of a claim anew. */
    public void renew(long claim, long now) {
        session.change(Statements.RENEW_GRANT, now, claim);
    }

    /** Ends a claim; the schema's trigger frees its keys and, unless it was released, moves their epochs on. */
    public void end(long claim, long sequence, ClaimEnd ending) {
        session.change(Statements.END_GRANT, sequence, Endings.text(ending), claim);
    }

    /** A key, and the claim that has not ended on it. */
    public record HeldKey(String key, long epoch, ClaimRow grant) {}

    /**
     * The keys with claims that have not ended, in the order of their names.
     *
     * @param after the key after which to begin; empty begins with the first
     */
    public Page<HeldKey> held(String after, Bounds bounds) {
        return session.page(
                Statements.HELD,
                bounds,
                (rs, ctx) -> new HeldKey(rs.getString(16), rs.getLong(17), ClaimRow.of(rs)),
                PrefixRange.from("", after));
    }

    /** The claim that is held on a key. */
    public Optional<ClaimInfo> heldOn(String key) {
        return session.first(Statements.HELD_ON, (rs, ctx) -> held(rs), key);
    }

    static ClaimInfo held(ResultSet rs) throws SQLException {
        return new ClaimInfo(
                rs.getString(1),
                rs.getLong(2),
                new ClaimHolder(rs.getString(4), rs.getLong(3), rs.getLong(5)),
                Instant.ofEpochMilli(rs.getLong(6)),
                Instant.ofEpochMilli(rs.getLong(7)));
    }

    /** The claims of a process that live by its heartbeats. */
    public List<Long> openClaimsOf(long process) {
        return session.all(Statements.OPEN_GRANTS_OF_PROCESS, (rs, ctx) -> rs.getLong(1), process);
    }

    /** Whether a process has claims, requests or snapshots that live by its heartbeats. */
    public boolean livesByHeartbeat(long process) {
        return session.number(Statements.LIVES_BY_HEARTBEAT, process, process, process) > 0;
    }

    /** Whether a thread holds claims, or has requests in the queue; if not, nobody can be waiting for it. */
    public boolean canBeWaitedFor(long process, long thread) {
        return session.number(Statements.CAN_BE_WAITED_FOR, process, thread, process, thread) > 0;
    }

    /** Puts a request at the end of the queue and returns its ticket. */
    public long insertWaiter(WaiterRow waiter, long since, List<KeyRow> keys) {
        long ticket = session.first(
                        Statements.INSERT_WAITER,
                        (rs, ctx) -> rs.getLong(1),
                        waiter.holder().process(),
                        waiter.holder().agent(),
                        waiter.thread(),
                        since,
                        waiter.until())
                .orElseThrow();
        for (KeyRow key : keys) {
            session.change(Statements.INSERT_WAITER_KEY, key.id(), ticket);
        }
        return ticket;
    }

    /**
     * Where a request stands, dead or alive be those before it.
     *
     * @param ahead how many requests for any of its keys came before it
     * @param held how many of its keys are claimed
     */
    public record Place(long ahead, long held) {
        /** Whether nothing is in the way, also when the request is not in the queue any more. */
        public boolean isFirst() {
            return ahead == 0 && held == 0;
        }
    }

    /** Where a request stands. */
    public Place placeOf(long ticket) {
        return session.first(
                        Statements.PLACE_OF_WAITER,
                        (rs, ctx) -> new Place(rs.getLong(1), rs.getLong(2)),
                        ticket,
                        ticket)
                .orElseThrow();
    }

    /** Whether a request stands in the queue. */
    public boolean isQueued(long ticket) {
        return session.number(Statements.IS_QUEUED, ticket) > 0;
    }

    /** Takes a request out of the queue. */
    public void deleteWaiter(long ticket) {
        session.change(Statements.DELETE_WAITER_KEYS, ticket);
        session.change(Statements.DELETE_WAITER, ticket);
    }

    /** Takes all requests of a process out of the queue. */
    public void deleteWaitersOf(long process) {
        session.change(Statements.DELETE_WAITER_KEYS_OF_PROCESS, process);
        session.change(Statements.DELETE_WAITERS_OF_PROCESS, process);
    }

    /** The requests for a key with tickets before the given one, first come first. */
    public List<WaiterRow> waitersFor(long keyId, long before) {
        return session.all(Statements.WAITERS_FOR_KEY, (rs, ctx) -> WaiterRow.of(rs), keyId, before);
    }

    /** The requests that a thread waits on. */
    public List<WaiterRow> waitersOf(long process, long thread) {
        return session.all(Statements.WAITERS_OF_THREAD, (rs, ctx) -> WaiterRow.of(rs), process, thread);
    }

    /** The keys that a request is for. */
    public List<KeyRow> keysOfWaiter(long ticket) {
        return session.all(Statements.KEYS_OF_WAITER, (rs, ctx) -> KeyRow.of(rs), ticket);
    }
}
