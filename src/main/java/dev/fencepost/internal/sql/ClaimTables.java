package dev.fencepost.internal.sql;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimHolder;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Reads and writes the rows of claims, waiting requests and processes through one session. */
public final class ClaimTables {
    /** The largest integer that JSON readers represent exactly: 2 to the power of 53, minus 1. */
    private static final long MAX_PROCESS_NUMBER = (1L << 53) - 1;

    private final Session session;

    public ClaimTables(Session session) {
        this.session = session;
    }

    /**
     * Inserts the row of a process under a new random number, and records the place of the store.
     *
     * @return the number of the process
     */
    public long registerProcess(ProcessFingerprint facts, long now) {
        session.recordPlace();
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

    /**
     * Returns an unused random number, so that processes that write to different copies of a file have different
     * numbers.
     */
    private long newProcessNumber() {
        long number;
        do {
            number = ThreadLocalRandom.current().nextLong(1, MAX_PROCESS_NUMBER + 1);
        } while (process(number).isPresent());
        return number;
    }

    /**
     * Adds a time namespace and a clock origin to the row of a process that was registered in the same transaction.
     * They make its times comparable with those of other processes.
     *
     * @param clockOrigin the time of day at which the system was started, in milliseconds since 1970, by the clock of
     *     the process; empty if unknown
     */
    public void describeProcess(long process, String timeNamespace, OptionalLong clockOrigin) {
        @Nullable Long origin = clockOrigin.isPresent() ? (Long) clockOrigin.getAsLong() : null;
        session.change(Statements.DESCRIBE_PROCESS, timeNamespace, origin, process);
    }

    /**
     * Returns the earliest time of day at which the system was started, by the clocks of processes that share its
     * uptime.
     *
     * @param since an uptime in milliseconds; a process that closed the store at or before it does not count
     * @return a time in milliseconds since 1970; empty if no process counts
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

    /** Returns the row of a process. */
    public Optional<ProcessRow> process(long id) {
        return session.first(Statements.PROCESS, (rs, ctx) -> ProcessRow.of(rs), id);
    }

    /** Records a heartbeat of a process. */
    public void heartbeat(long process, long now) {
        session.change(Statements.HEARTBEAT, now, process);
    }

    /**
     * Records a heartbeat of a process, but writes nothing if the last one is recent.
     *
     * @param recent the earliest time that counts as recent, in milliseconds since 1970; a heartbeat after {@code now}
     *     never does
     */
    public void heartbeatUnlessRecent(long process, long now, long recent) {
        session.change(Statements.HEARTBEAT_IF_DUE, now, process, recent, now);
    }

    /** Records a heartbeat of a process, and always changes the row, so that the transaction writes. */
    public void touch(long process, long now) {
        session.change(Statements.TOUCH_PROCESS, now, process);
    }

    /** Records that a process has closed the store. */
    public void closeProcess(long process, long now) {
        session.change(Statements.CLOSE_PROCESS, now, process);
    }

    /**
     * Returns the claim under which a key is held.
     *
     * @throws dev.fencepost.UnusableStoreException if the claim is missing
     */
    public ClaimRow holder(long claim) {
        return grant(claim)
                .orElseThrow(() -> Corruption.found("a key is held by the claim " + claim + ", which does not exist"));
    }

    /** Returns a claim, held or ended. */
    public Optional<ClaimRow> grant(long claim) {
        return session.first(Statements.GRANT, (rs, ctx) -> ClaimRow.of(rs), claim);
    }

    /** Returns the present epochs of the keys of a claim; none if it has ended, or has another nonce. */
    public Map<String, Long> heldKeys(long claim, String nonce) {
        Map<String, Long> epochs = new HashMap<>();
        session.whileTaken(
                Statements.HELD_KEYS,
                (rs, ctx) -> {
                    epochs.put(rs.getString(1), rs.getLong(2));
                    return true;
                },
                claim,
                nonce);
        return epochs;
    }

    /** Returns the keys of a claim, ordered by name. */
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
     * Inserts the row of a new claim.
     *
     * @param keys the number of its keys; the schema accepts no more
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

    /**
     * Assigns a free key to a claim, through the schema's trigger.
     *
     * @return the new epoch of the key
     */
    public long take(KeyRow key, long claim) {
        long epoch = key.epoch() + 1;
        session.change(Statements.INSERT_GRANT_KEY, claim, key.id(), epoch);
        return epoch;
    }

    /** Restarts the lease and the maximum hold of a claim. */
    public void renew(long claim, long now) {
        session.change(Statements.RENEW_GRANT, now, claim);
    }

    /** Ends a claim. The schema's trigger frees its keys, and raises their epochs unless the claim was released. */
    public void end(long claim, long sequence, ClaimEnd ending) {
        session.change(Statements.END_GRANT, sequence, Endings.text(ending), claim);
    }

    /** A key and its open claim. */
    public record HeldKey(String key, long epoch, ClaimRow grant) {}

    /**
     * Returns a page of keys with open claims, ordered by name.
     *
     * @param after the key after which the page begins; empty for the first page
     */
    public Page<HeldKey> held(String after, Bounds bounds) {
        return session.page(
                Statements.HELD,
                bounds,
                (rs, ctx) -> new HeldKey(rs.getString(17), rs.getLong(18), ClaimRow.of(rs)),
                PrefixRange.from("", after));
    }

    /** Returns the claim that is held on a key. */
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

    /** Returns the open claims of a process that its heartbeats keep alive. */
    public List<Long> openClaimsOf(long process) {
        return session.all(Statements.OPEN_GRANTS_OF_PROCESS, (rs, ctx) -> rs.getLong(1), process);
    }

    /** Tells whether a process has claims, requests or snapshots that its heartbeats keep alive. */
    public boolean livesByHeartbeat(long process) {
        return session.number(Statements.LIVES_BY_HEARTBEAT, process, process, process) > 0;
    }

    /** Tells whether a thread holds claims or has queued requests. If not, no request can wait for it. */
    public boolean canBeWaitedFor(long process, long thread) {
        return session.number(Statements.CAN_BE_WAITED_FOR, process, thread, process, thread) > 0;
    }

    /** Appends a request to the queue and returns its ticket. */
    public long insertWaiter(WaiterRow waiter, long since, List<KeyRow> keys) {
        long ticket = session.first(
                        Statements.INSERT_WAITER,
                        (rs, ctx) -> rs.getLong(1),
                        waiter.holder().process(),
                        waiter.holder().agent(),
                        waiter.thread(),
                        since,
                        waiter.until(),
                        waiter.nonce(),
                        waiter.terms().lease(),
                        waiter.terms().longestHold(),
                        waiter.terms().heartbeats() ? 1 : 0)
                .orElseThrow();
        for (KeyRow key : keys) {
            session.change(Statements.INSERT_WAITER_KEY, key.id(), ticket);
        }
        return ticket;
    }

    /**
     * The place of a request in the queue. Requests and claims of dead processes count too.
     *
     * @param ahead the number of earlier requests for any of its keys
     * @param held the number of its keys that are claimed
     */
    public record Place(long ahead, long held) {
        /** Tells whether no request or claim blocks the request. Also true if the request is no longer queued. */
        public boolean isFirst() {
            return ahead == 0 && held == 0;
        }
    }

    /** Returns the place of a request in the queue. */
    public Place placeOf(long ticket) {
        return session.first(
                        Statements.PLACE_OF_WAITER,
                        (rs, ctx) -> new Place(rs.getLong(1), rs.getLong(2)),
                        ticket,
                        ticket)
                .orElseThrow();
    }

    /** Tells whether a request is in the queue. */
    public boolean isQueued(long ticket) {
        return session.number(Statements.IS_QUEUED, ticket) > 0;
    }

    /** Returns the ticket of the request with a nonce, if it is in the queue. */
    public Optional<Long> ticketOf(String nonce) {
        return session.first(Statements.TICKET_OF_NONCE, (rs, ctx) -> rs.getLong(1), nonce);
    }

    /**
     * The first request for a key.
     *
     * @param keys the number of its keys
     */
    public record FirstWaiter(WaiterRow request, int keys, KeyRow key) {}

    /** Returns the first request for a key, alive or not. */
    public Optional<FirstWaiter> firstWaiterFor(long keyId) {
        return session.first(
                Statements.FIRST_WAITER_FOR_KEY,
                (rs, ctx) -> new FirstWaiter(WaiterRow.of(rs), rs.getInt(11), KeyRow.of(rs, 11)),
                keyId);
    }

    /** Returns the keys of a claim, held or ended, for which requests wait. */
    public List<Long> awaitedKeysOf(long claim) {
        return session.all(Statements.AWAITED_KEYS_OF_CLAIM, (rs, ctx) -> rs.getLong(1), claim);
    }

    /** Removes a request from the queue. */
    public void deleteWaiter(long ticket) {
        session.change(Statements.DELETE_WAITER, ticket);
    }

    /** Removes all requests of a process from the queue. */
    public void deleteWaitersOf(long process) {
        session.change(Statements.DELETE_WAITERS_OF_PROCESS, process);
    }

    /** Returns the requests for a key with tickets before the given one, ordered by ticket. */
    public List<WaiterRow> waitersFor(long keyId, long before) {
        return session.all(Statements.WAITERS_FOR_KEY, (rs, ctx) -> WaiterRow.of(rs), keyId, before);
    }

    /** Returns the queued requests of a thread, ordered by ticket. */
    public List<WaiterRow> waitersOf(long process, long thread) {
        return session.all(Statements.WAITERS_OF_THREAD, (rs, ctx) -> WaiterRow.of(rs), process, thread);
    }

    /** Returns the keys of a request, ordered by name. */
    public List<KeyRow> keysOfWaiter(long ticket) {
        return session.all(Statements.KEYS_OF_WAITER, (rs, ctx) -> KeyRow.of(rs), ticket);
    }
}
