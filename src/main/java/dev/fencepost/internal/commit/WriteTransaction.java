package dev.fencepost.internal.commit;

import dev.fencepost.ClaimEnd;
import dev.fencepost.VersionInfo;
import dev.fencepost.internal.process.ProcessRegistration;
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

/** The operations of a task inside the write transaction of its batch. */
public final class WriteTransaction {
    private final Session session;
    private final VersionTables values;
    private final ProtocolTrace.Factory traces;
    private final ProcessRegistration identity;
    private final AgreedTime time;
    private final long now;
    private CommitIdentity newest;
    private Optional<CommitIdentity> own = Optional.empty();
    private int pages;
    private @Nullable ProtocolTrace trace;

    WriteTransaction(
            Session session,
            ProtocolTrace.Factory traces,
            ProcessRegistration identity,
            AgreedTime time,
            long now,
            CommitIdentity newest) {
        this.session = session;
        this.values = new VersionTables(session);
        this.traces = traces;
        this.identity = identity;
        this.time = time;
        this.now = now;
        this.newest = newest;
    }

    /** Returns the tables of keys, versions and commits. */
    public VersionTables values() {
        return values;
    }

    /** Returns the tables of claims, waiters and processes. */
    public ClaimTables claims() {
        return new ClaimTables(session);
    }

    /** Returns the tables of sagas, journals and tasks. */
    public SagaTables sagas() {
        return new SagaTables(session);
    }

    /** Returns the tables of streams and their events. */
    public EventTables events() {
        return new EventTables(session);
    }

    /** Returns the tables of retention. */
    public TimeTables time() {
        return new TimeTables(session);
    }

    /** Returns the tables of cursors. */
    public CursorTables feed() {
        return new CursorTables(session);
    }

    /** Returns the tables of dependencies and refusals. */
    public ProvenanceTables provenance() {
        return new ProvenanceTables(session);
    }

    /** Returns the hook that records steps. */
    public ProtocolTrace trace() {
        if (trace == null) {
            trace = traces.of(this, session);
        }
        return trace;
    }

    /** Returns whether steps are recorded. A commit of a single statement has no step, so there is none then. */
    boolean isTraced() {
        return traces != ProtocolTrace.Factory.NONE;
    }

    /** Ends a claim, as a step by itself. */
    public void end(long claim, long sequence, ClaimEnd ending) {
        claims().end(claim, sequence, ending);
        trace().ended(claim, sequence, ending);
    }

    /** Appends an entry to the journal of a saga; see {@link SagaTables#append}. */
    public void enter(long saga, @Nullable Long claim, long sequence, SagaTables.Said said) {
        sagas().append(saga, claim, sequence, said);
        trace().entry(saga, claim, sequence, said);
    }

    /**
     * Returns the time of day, in milliseconds. It is the same for the whole batch.
     *
     * @throws dev.fencepost.StorageException if the clock shows a time that a store cannot hold
     */
    public long now() {
        return ClockBounds.verify(now);
    }

    /**
     * Returns the time of day, in milliseconds, by which to prune history that is older than an age. It is not later
     * than {@link #now()}, nor than the clocks of other processes.
     */
    public long agreedNow(Duration age) {
        return Math.min(now(), time.now(age, claims()));
    }

    /** Returns the last sequence whose commit is certainly at least as old as an age; 0 if there is none. */
    public long placeBefore(Duration age) {
        return time.placeBefore(age, this, newest.sequence());
    }

    /** Returns the number of this process in the store. Registers the process if it has none. */
    public long process() {
        return identity.number(this::register);
    }

    private long register() {
        long process = claims().registerProcess(identity.facts(), now());
        claims().describeProcess(process, identity.facts().timeNamespace(), time.origin());
        return process;
    }

    /** Returns the sequence of a task that writes no versions; see {@link #sequence(String, int, int)}. */
    public long sequence(String agent) {
        return sequence(agent, 0, 0);
    }

    /**
     * Returns the sequence of this task's commit. The first call takes it, so that a refused task takes none. All
     * changes of one task share it.
     *
     * @param versions the number of versions that the task will write; only the first call's number counts, since the
     *     file then closes the commit
     * @param events the number of events, likewise
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
     * @return empty if the statement found a conflict
     */
    Optional<VersionInfo> append(String agent, VersionTables.Expected expected, Optional<String> text) {
        long at = now();
        CommitIdentity commit = new CommitIdentity(process(), identity.nextOrdinal(), newest.sequence() + 1);
        // Set before the attempt: if that fails, its outcome is looked up by this identity.
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

    /**
     * Adds pages that the task writes beyond the usual number for a commit, so that the WAL is checkpointed in time.
     *
     * @param more the approximate number of pages
     */
    public void writesMore(int more) {
        pages += more;
    }

    int pages() {
        return pages;
    }

    /** Returns the commit that the task made, or was making when it failed. */
    Optional<CommitIdentity> commit() {
        return own;
    }

    /** Prepares for the next task of the batch. */
    void next() {
        own = Optional.empty();
    }

    /** Returns the newest commit, including those of this batch. */
    CommitIdentity newest() {
        return newest;
    }

    /** Returns the sequence of the newest commit, including those of this batch. */
    public long lastSequence() {
        return newest.sequence();
    }
}
