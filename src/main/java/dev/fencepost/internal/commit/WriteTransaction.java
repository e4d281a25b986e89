package dev.fencepost.internal.commit;

import dev.fencepost.ClaimEnd;
import dev.fencepost.VersionInfo;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.ClockBounds;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.CursorTables;
import dev.fencepost.internal.sql.EventTables;
import dev.fencepost.internal.sql.ProvenanceTables;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.TimeTables;
import dev.fencepost.internal.sql.VersionTables;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a member can do inside the write transaction of its batch. */
public final class WriteTransaction {
    private final Session session;
    private final VersionTables values;
    private final ClaimTables claims;
    private final SagaTables sagas;
    private final ProtocolTrace trace;
    private final ProcessRegistration identity;
    private final AgreedTime time;
    private final long now;
    private CommitIdentity newest;
    private Optional<CommitIdentity> own = Optional.empty();
    private int pages;

    WriteTransaction(
            Session session,
            ProtocolTrace.Factory traces,
            ProcessRegistration identity,
            AgreedTime time,
            long now,
            CommitIdentity newest) {
        this.session = session;
        this.values = new VersionTables(session);
        this.claims = new ClaimTables(session);
        this.sagas = new SagaTables(session);
        this.identity = identity;
        this.time = time;
        this.now = now;
        this.newest = newest;
        this.trace = traces.of(this, session);
    }

    /** Rows of keys, versions and commits. */
    public VersionTables values() {
        return values;
    }

    /** Rows of claims, waiters and processes. */
    public ClaimTables claims() {
        return claims;
    }

    /** Rows of sagas, journals and offered work. */
    public SagaTables sagas() {
        return sagas;
    }

    /** Rows of streams and their events. */
    public EventTables events() {
        return new EventTables(session);
    }

    /** Rows of what is kept. */
    public TimeTables time() {
        return new TimeTables(session);
    }

    /** Rows of cursors. */
    public CursorTables feed() {
        return new CursorTables(session);
    }

    /** Rows of what commits rested on. */
    public ProvenanceTables provenance() {
        return new ProvenanceTables(session);
    }

    /** The hook that records steps. */
    public ProtocolTrace trace() {
        return trace;
    }

    /** Ends a claim, as a step by itself. */
    public void end(long claim, long sequence, ClaimEnd ending) {
        claims.end(claim, sequence, ending);
        trace.ended(claim, sequence, ending);
    }

    /** Makes an entry in the journal of a saga; see {@link SagaTables#append}. */
    public void enter(long saga, @Nullable Long claim, long sequence, SagaTables.Said said) {
        sagas.append(saga, claim, sequence, said);
        trace.entry(saga, claim, sequence, said);
    }

    /**
     * Returns the time of day, in milliseconds; one and the same for the whole batch.
     *
     * @throws dev.fencepost.StorageException if the clock shows a time that a store cannot keep
     */
    public long now() {
        return ClockBounds.verify(now);
    }

    /**
     * Returns the time of day, in milliseconds, by which to delete what is older than an age. It is not later than {@link
     * #now()}, nor than the clocks of other processes.
     */
    public long agreedNow(Duration age) {
        return Math.min(now(), time.now(age, claims));
    }

    /** Returns the last place in the order of the store that is certainly as old as an age; 0 if there is none. */
    public long placeBefore(Duration age) {
        return time.placeBefore(age, this, newest.sequence());
    }

    /** The number of this process in the store, which is made now if it has none. */
    public long process() {
        return identity.number(this::register);
    }

    private long register() {
        long process = claims.registerProcess(identity.facts(), now());
        claims.describeProcess(process, identity.facts().timeNamespace(), time.origin());
        return process;
    }

    /** The place in the order of the store of a member that writes no versions; see {@link #sequence(String, int, int)}. */
    public long sequence(String agent) {
        return sequence(agent, 0, 0);
    }

    /**
     * This member's place in the order of the store. Taken when it is first asked for, so that whoever refuses takes
     * none; all that one member changes shares it.
     *
     * @param versions how many versions the member will write; heeded when the place is taken, since the file then
     *     closes the commit to all that comes after
     * @param events how many events, likewise
     */
    public long sequence(String agent, int versions, int events) {
        if (own.isEmpty()) {
            CommitIdentity commit = new CommitIdentity(process(), identity.nextOrdinal(), newest.sequence() + 1);
            values.insertCommit(commit, agent, now(), versions, events);
            newest = commit;
            own = Optional.of(commit);
        }
        return own.get().sequence();
    }

    /**
     * Commits one version by one statement; see {@link VersionTables#append}.
     *
     * @return empty if something stood in the way
     */
    Optional<VersionInfo> append(String agent, VersionTables.Expected expected, Optional<String> text) {
        long at = now();
        CommitIdentity commit = new CommitIdentity(process(), identity.nextOrdinal(), newest.sequence() + 1);
        // Said before it is tried: if it fails, the outcome is found out by this name.
        own = Optional.of(commit);
        Optional<Long> version = values.append(newest, commit, agent, at, expected, text.orElse(null));
        if (version.isEmpty()) {
            own = Optional.empty();
            identity.notTried();
            return Optional.empty();
        }
        newest = commit;
        return Optional.of(new VersionInfo(version.get(), commit.sequence(), agent, Instant.ofEpochMilli(at)));
    }

    /** The member writes about so many pages more than a commit does, which the log will have to be relieved of. */
    public void writesMore(int more) {
        pages += more;
    }

    int pages() {
        return pages;
    }

    /** The commit that the member has made, or was making when it failed. */
    Optional<CommitIdentity> commit() {
        return own;
    }

    /** Goes on to the next member of the batch. */
    void next() {
        own = Optional.empty();
    }

    /** The newest commit, this batch's included. */
    CommitIdentity newest() {
        return newest;
    }

    /** The sequence of the newest commit, this batch's included. */
    public long lastSequence() {
        return newest.sequence();
    }
}
