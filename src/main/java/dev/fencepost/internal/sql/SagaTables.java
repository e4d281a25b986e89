package dev.fencepost.internal.sql;

import dev.fencepost.Page;
import dev.fencepost.saga.JournalEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and writes the rows of sagas, their journals and their tasks, through one session. */
public final class SagaTables {
    private final Session session;

    public SagaTables(Session session) {
        this.session = session;
    }

    /** The initial state of a saga. */
    public record Beginning(
            String saga, String definition, int version, String input, Optional<Long> deadline, long sequence) {}

    /** The content of a journal entry; see {@link JournalEntry}. */
    public record Said(
            JournalEntry.Type kind,
            @Nullable String step,
            int attempt,
            @Nullable String text) {}

    /** A new task; see {@link StepTaskRow}. */
    public record Offer(long run, String step, boolean undo, int attempt, String role, String input) {}

    /** Inserts a row for a saga that has none, and returns its number. */
    public long insertRun(Beginning begun, KeyRow key) {
        return session.first(
                        SagaStatements.INSERT_RUN,
                        (rs, ctx) -> rs.getLong(1),
                        begun.saga(),
                        key.id(),
                        begun.definition(),
                        begun.version(),
                        begun.input(),
                        begun.deadline().orElse(null),
                        begun.sequence())
                .orElseThrow();
    }

    public Optional<SagaRow> run(String saga) {
        return session.first(SagaStatements.RUN_BY_NAME, (rs, ctx) -> SagaRow.of(rs), saga);
    }

    public Optional<SagaRow> run(long id) {
        return session.first(SagaStatements.RUN_BY_ID, (rs, ctx) -> SagaRow.of(rs), id);
    }

    /** Returns the number of a saga; numbers grow in the order in which sagas began. */
    public Optional<Long> number(String saga) {
        return session.first(SagaViewStatements.NUMBER, (rs, ctx) -> rs.getLong(1), saga);
    }

    /** Returns a saga as of a sequence. */
    public Optional<SagaSummary> summary(String saga, long sequence) {
        return session.first(SagaViewStatements.SUMMARY_NAMED, (rs, ctx) -> SagaSummary.of(rs), sequence, saga);
    }

    /**
     * Returns sagas as of a sequence, in the order in which they began.
     *
     * @param ended whether to include sagas that had ended by then
     * @param after the number after which to begin; 0 begins with the first
     * @param sequence the sequence; {@link Long#MAX_VALUE} means now
     */
    public Page<SagaSummary> summaries(boolean ended, long after, long sequence, Bounds bounds) {
        String open =
                sequence == Long.MAX_VALUE ? SagaViewStatements.OPEN_SUMMARIES : SagaViewStatements.SUMMARIES_OPEN_THEN;
        return session.page(
                ended ? SagaViewStatements.SUMMARIES : open, bounds, (rs, ctx) -> SagaSummary.of(rs), sequence, after);
    }

    /** Returns the input of a saga. */
    public Optional<String> input(long run) {
        return session.first(SagaViewStatements.INPUT, (rs, ctx) -> rs.getString(1), run);
    }

    /**
     * A saga that is neither stuck nor has ended, without its input.
     *
     * @param claim the claim that is held on its key now
     */
    public record GoingOn(
            long id, String saga, String definition, int version, Optional<Long> deadline, Optional<Long> claim) {}

    /** Returns sagas that are neither stuck nor have ended, after a number, in the order in which they began. */
    public Page<GoingOn> goingOn(long after, Bounds bounds) {
        return session.page(
                SagaViewStatements.GOING_ON,
                bounds,
                (rs, ctx) -> new GoingOn(
                        rs.getLong(1),
                        rs.getString(2),
                        rs.getString(3),
                        rs.getInt(4),
                        Nullables.number(rs, 5),
                        Nullables.number(rs, 6)),
                after);
    }

    /** Returns the names of the steps that have had a task. */
    public Set<String> offeredSteps(long run) {
        return Set.copyOf(session.all(SagaStatements.OFFERED_STEPS, (rs, ctx) -> rs.getString(1), run));
    }

    /**
     * Returns a text that differs after the journal or the tasks of a saga have changed.
     *
     * @param isFree tells whether a claim could be taken over
     */
    public String known(long run, LongPredicate isFree) {
        List<StepTaskRow> work = session.all(SagaStatements.WORK_OF_RUN, (rs, ctx) -> StepTaskRow.of(rs), run);
        String offers = work.stream()
                .map(row -> row.id() + "/" + row.presentEpoch() + "/"
                        + row.claim().filter(claim -> !isFree.test(claim)).isPresent())
                .collect(Collectors.joining(" "));
        return session.number(SagaStatements.LAST_ENTRY, run) + ": " + offers;
    }

    /** Withdraws the tasks of a saga that no worker has claimed. */
    public void withdrawOffers(long run, long sequence) {
        session.change(SagaStatements.WITHDRAW_OFFERS, sequence, run);
    }

    /**
     * Appends to a journal. The schema's triggers refuse an invalid entry.
     *
     * @param claim the claim under which it is written; null to begin a saga or to request its end
     */
    public void append(long run, @Nullable Long claim, long sequence, Said said) {
        session.change(
                SagaStatements.INSERT_ENTRY,
                sequence,
                claim,
                said.kind().word(),
                said.step(),
                said.attempt() == 0 ? null : said.attempt(),
                said.text(),
                run);
    }

    /** Returns the entries of a journal after a number, up to a sequence, in order. */
    public Page<JournalEntry> entries(long run, long after, long sequence, Bounds bounds) {
        return session.page(SagaViewStatements.ENTRIES, bounds, (rs, ctx) -> entry(rs), run, after, sequence);
    }

    /** Returns whether the end of a saga was requested by an entry after a number. */
    public boolean isCancelled(long run, long after) {
        return session.number(SagaStatements.IS_CANCELLED, run, after) > 0;
    }

    /** Tells whether the end of a saga was requested at a time of day, or before. */
    public boolean isCancelledBy(long run, long millis) {
        return session.number(SagaStatements.IS_CANCELLED_BY, run, millis) > 0;
    }

    private static JournalEntry entry(ResultSet rs) throws SQLException {
        return new JournalEntry(
                rs.getLong(1),
                JournalEntry.Type.of(StrictText.of(rs, 2)),
                Optional.ofNullable(StrictText.of(rs, 3)),
                rs.getInt(4),
                Optional.ofNullable(StrictText.of(rs, 5)),
                StrictText.of(rs, 6),
                Nullables.number(rs, 7),
                rs.getLong(8),
                Instant.ofEpochMilli(rs.getLong(9)));
    }

    /** Returns the numbers of some sagas that ended before a time. */
    public List<Long> endedBefore(long time, int limit) {
        return session.all(SagaStatements.ENDED_BEFORE, (rs, ctx) -> rs.getLong(1), time, limit);
    }

    /** Deletes a saga that has ended, with its journal. */
    public void forget(long run) {
        session.change(SagaStatements.FORGET_RUN, run);
    }

    /** Creates a task for the worker that claims the key. */
    public void offer(Offer offer, String key, long sequence) {
        session.change(
                SagaStatements.INSERT_WORK,
                offer.run(),
                offer.step(),
                offer.undo() ? 1 : 0,
                offer.attempt(),
                offer.role(),
                offer.input(),
                sequence,
                key);
    }

    /** Returns the newest task for an attempt. */
    public Optional<StepTaskRow> work(long run, String step, boolean undo, int attempt) {
        return session.first(
                SagaStatements.WORK_OFFERED, (rs, ctx) -> StepTaskRow.of(rs), run, step, undo ? 1 : 0, attempt);
    }

    /** Returns the keys of the oldest open tasks of a role that no worker has claimed. */
    public List<String> openWork(String role, int limit) {
        return session.all(SagaStatements.WORK_OPEN, (rs, ctx) -> rs.getString(1), role, limit);
    }

    /** Returns the newest task with this key. */
    public Optional<StepTaskRow> workOf(String key) {
        return session.first(SagaStatements.WORK_OF_KEY, (rs, ctx) -> StepTaskRow.of(rs), key);
    }

    /** Returns the task that was claimed with this key under this epoch. */
    public Optional<StepTaskRow> workTaken(String key, long epoch) {
        return session.first(SagaStatements.WORK_TAKEN, (rs, ctx) -> StepTaskRow.of(rs), key, epoch - 1);
    }

    /** Ends an open task; returns whether it was open. */
    public boolean endWork(long work, StepTaskRow.Outcome outcome, @Nullable String output, long sequence) {
        return session.change(SagaStatements.END_WORK, outcome.word(), output, sequence, work) > 0;
    }
}
