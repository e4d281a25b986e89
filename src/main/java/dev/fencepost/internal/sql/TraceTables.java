package dev.fencepost.internal.sql;

import org.jspecify.annotations.Nullable;

/** Writes the rows of what each step of the protocol did, through one session. */
public final class TraceTables {
    private static final String INSERT_STEP = """
            INSERT INTO trace (id, step, sequence, process, agent, what, how, claim, saga, key, version)
            SELECT next, next, ?, ?, coalesce(?, (SELECT agent FROM commits WHERE sequence = ?), ''), ?, ?, ?, ?, ?, ?
            FROM (SELECT coalesce(max(id), 0) + 1 AS next FROM trace)""";
    private static final String INSERT_PART = """
            INSERT INTO trace
              (id, step, sequence, process, agent, what, how, claim, key, epoch, was, version, expects)
            SELECT id + 1, step, sequence, process, agent, ?, ?, ?, ?, ?, ?, ?, ?
            FROM trace ORDER BY id DESC LIMIT 1""";

    private final Session session;

    public TraceTables(Session session) {
        this.session = session;
    }

    /**
     * What was done.
     *
     * @param agent who did it; null if that is whoever made the commit
     * @param sequence of its commit; 0 if it took none
     */
    public record Step(
            long process,
            @Nullable String agent,
            long sequence,
            String what,
            String how,
            @Nullable Long claim) {}

    /** What was done to a key; see the table. */
    public record Touched(
            String key,
            @Nullable Long epoch,
            @Nullable Long was,
            @Nullable Long version,
            @Nullable Long expects) {}

    /** Notes a step. */
    public void step(Step step) {
        insert(step, null, null, null);
    }

    /** Notes a step that made an entry in the journal of a saga. */
    public void entry(Step step, long saga, @Nullable String of, int attempt) {
        insert(step, saga, of, attempt);
    }

    private void insert(Step step, @Nullable Long saga, @Nullable String key, @Nullable Integer version) {
        session.change(
                INSERT_STEP,
                step.sequence(),
                step.process(),
                step.agent(),
                step.sequence(),
                step.what(),
                step.how(),
                step.claim(),
                saga,
                key,
                version);
    }

    /** Adds to the newest step what it did to a key. */
    public void touched(String what, String how, @Nullable Long claim, Touched key) {
        session.change(INSERT_PART, what, how, claim, key.key(), key.epoch(), key.was(), key.version(), key.expects());
    }

    /** Adds to the newest step a claim that it depended on, or ended. */
    public void touched(String what, String how, long claim) {
        session.change(INSERT_PART, what, how, claim, null, null, null, null, null);
    }
}
