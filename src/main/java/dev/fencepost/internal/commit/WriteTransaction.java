package dev.fencepost.internal.commit;

import dev.fencepost.ClaimEnd;
import dev.fencepost.VersionInfo;
import dev.fencepost.internal.process.ProcessRegistration;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.ClockBounds;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.CursorTables;
import dev.fencepost.internal.sql.EventTables;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.ProvenanceTables;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.TimeTables;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.sql.VersionTables.NextVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations of a task inside the write transaction of its batch. */
public final class WriteTransaction {
    private final Session session;
    private final VersionTables values;
    private final ProtocolTrace.Factory traces;
    private final ProcessRegistration identity;
    private final AgreedTime time;
    private final KeyRows rows;
    private final long now;
    private final boolean alone;
    private Tip end;
    private Optional<CommitIdentity> own = Optional.empty();
    /** The number of versions that the task has written, of those that it announced. */
    private int written;

    private int announced;
    /** True if the task may have changed claims, so that rows of keys are not kept. */
    private boolean changesClaims;

    private int pages;
    private HandOver handOver = HandOver.NONE;
    private final Set<Long> freed = new LinkedHashSet<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private @Nullable ProtocolTrace trace;

    /**
     * Creates the operations of a batch.
     *
     * @param rows the rows of keys that are known
     * @param end the end of the log
     * @param alone whether there is no transaction, so that one statement must check and write
     */
    WriteTransaction(
            Session session,
            ProtocolTrace.Factory traces,
            ProcessRegistration identity,
            AgreedTime time,
            KeyRows rows,
            long now,
            Tip end,
            boolean alone) {
        this.session = session;
        this.values = new VersionTables(session);
        this.traces = traces;
        this.identity = identity;
        this.time = time;
        this.rows = rows;
        this.now = now;
        this.end = end;
        this.alone = alone;
    }

    /** Sets what hands over the claims that the tasks end. */
    WriteTransaction handingOverBy(HandOver by) {
        handOver = by;
        return this;
    }

    /** Returns the tables of keys, versions and commits. */
    public VersionTables values() {
        return values;
    }

    /** Returns the tables of claims, waiters and processes. */
    public ClaimTables claims() {
        changesClaims = true;
        rows.clear();
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
        takeOver(claim, sequence, ending);
        trace().ended(claim, sequence, ending);
    }

    /** Ends a claim, as a part of the step that takes it over. */
    public void takeOver(long claim, long sequence, ClaimEnd ending) {
        claims().end(claim, sequence, ending);
        free(claims().awaitedKeysOf(claim));
    }

    /** Notes that requests for these keys may be granted at the end of the task. */
    public void free(Collection<Long> keys) {
        freed.addAll(keys);
    }

    /** Hands over what the task has freed, and what that frees. */
    void handOver() {
        while (!freed.isEmpty()) {
            Set<Long> keys = Set.copyOf(freed);
            freed.clear();
            handOver.grant(keys, this);
        }
    }

    /** Adds an action to run once this transaction is committed and as durable as configured. It must not throw. */
    public void afterwards(Runnable action) {
        afterwards.add(action);
    }

    /** Runs the actions that wait for the commit. */
    void committed() {
        afterwards.forEach(Runnable::run);
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
        return time.placeBefore(age, this, lastSequence());
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
     * @param versions the number of versions that the task will write by {@link #insert}; only the first call's number
     *     counts, since the file then demands all of them, and no more
     * @param events the number of events, likewise
     */
    public long sequence(String agent, int versions, int events) {
        if (own.isEmpty()) {
            CommitIdentity commit = begin();
            values.insertCommit(commit, agent, now(), versions, events);
            announced = versions;
            end = new Tip(commit, commit.sequence() + versions, true);
        }
        return own.get().sequence();
    }

    /** Inserts another commit in the name of an agent, with no versions and no events, and returns its sequence. */
    public long nextSequence(String agent) {
        CommitIdentity commit = new CommitIdentity(process(), identity.nextOrdinal(), end.lastRow() + 1);
        values.insertCommit(commit, agent, now(), 0, 0);
        end = new Tip(commit, commit.sequence(), true);
        own = own.or(() -> Optional.of(commit));
        return commit.sequence();
    }

    /** Takes the identity of this task's commit, before the attempt: if that fails, its outcome is looked up by it. */
    private CommitIdentity begin() {
        CommitIdentity commit = new CommitIdentity(process(), identity.nextOrdinal(), end.lastRow() + 1);
        own = Optional.of(commit);
        return commit;
    }

    /** Returns the present row of a key; one without a number if the key was never written nor claimed. */
    KeyRow key(String name) {
        KeyRow known = rows.get(name);
        if (known == null) {
            known = values.key(name);
            keep(known);
        }
        return known;
    }

    private void keep(KeyRow row) {
        if (!changesClaims && row.id() != 0) {
            rows.put(row);
        }
    }

    /** Writes the next of the versions that {@link #sequence(String, int, int)} announced. */
    VersionInfo insert(String agent, NextVersion next) {
        long sequence = own.orElseThrow().sequence();
        written++;
        values.insertVersion(sequence, written, announced - written, next);
        keep(next.after(sequence, sequence + written));
        return new VersionInfo(next.key().version() + 1, sequence, agent, Instant.ofEpochMilli(now()));
    }

    /**
     * Commits one version.
     *
     * @param events the number of events that follow; none outside of a transaction
     * @return empty if another process has committed in the meantime, so that nothing was written
     */
    Optional<VersionInfo> insertSingle(String agent, NextVersion next, int events) {
        long at = now();
        CommitIdentity commit = begin();
        if (!alone) {
            values.insertSingle(commit, agent, at, events, next);
        } else if (!values.insertSingleAfter(end.newest(), commit, agent, at, next)) {
            own = Optional.empty();
            identity.notTried();
            return Optional.empty();
        }
        long sequence = commit.sequence();
        end = new Tip(commit, sequence, true);
        keep(next.after(sequence, sequence));
        return Optional.of(new VersionInfo(next.key().version() + 1, sequence, agent, Instant.ofEpochMilli(at)));
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
        written = 0;
        announced = 0;
        changesClaims = false;
        freed.clear();
    }

    /** Returns the end of the log, including the commits of this batch. */
    Tip end() {
        return end;
    }

    /** Returns the sequence of the newest commit, including those of this batch. */
    public long lastSequence() {
        return end.newest().sequence();
    }
}
