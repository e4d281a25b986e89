package dev.fencepost.internal.sql;

import dev.fencepost.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Reads and writes the rows of keys, versions and commits through one session. */
public final class VersionTables {
    /** The newest change of a key. */
    public record Changed(String key, long sequence, String writer) {}

    /**
     * One entry of the change log: a key got a version.
     *
     * @param row the version; empty if its value is over 4096 bytes, or its text is not valid UTF-8
     */
    public record LoggedChange(String key, long version, Optional<VersionRow> row) {}

    /**
     * The newer part of the change log, and the newest commit when it was read.
     *
     * @param tip the newest commit in the file, and whether its history continues the one that was seen
     * @param changes the changes, in any order
     */
    public record LoggedChanges(Tip tip, List<LoggedChange> changes) {}

    /**
     * The newest version of a key.
     *
     * @param row the version, a tombstone included; empty if there is none
     * @param tip the commit of the version, and whether the history of the file continues the one that was seen
     */
    public record LatestVersion(Optional<VersionRow> row, Tip tip) {}

    private static final RowMapper<VersionRow> VALUE = (rs, ctx) -> VersionRow.of(rs);

    private final Session session;

    public VersionTables(Session session) {
        this.session = session;
    }

    /** Inserts the row of a new store, and that of the process of all SQL prompts. */
    public void createStore(String storeId, long now) {
        session.change(Statements.CREATE_STORE, storeId, now);
        session.change(Statements.REGISTER_SQL_PROMPT, now, now);
    }

    /** Returns the random ID of the store. */
    public Optional<String> storeId() {
        return session.first(Statements.STORE_ID, (rs, ctx) -> rs.getString(1));
    }

    /** Returns the sequence of the newest commit; 0 if there is none. */
    public long lastSequence() {
        return session.number(Statements.LAST_SEQUENCE);
    }

    /** Reads the newest commit, and whether the file still has a commit that was seen before. */
    public Tip tip(CommitIdentity seen) {
        return session.first(
                        Statements.TIP,
                        (rs, ctx) -> Tip.of(rs, 1, seen),
                        seen.sequence(),
                        seen.process(),
                        seen.ordinal())
                .orElseGet(() -> Tip.empty(seen));
    }

    /** Returns the commit with a sequence; empty if there is none. */
    public Optional<CommitIdentity> commitAt(long sequence) {
        return session.first(
                Statements.COMMIT_AT,
                (rs, ctx) -> new CommitIdentity(rs.getLong(1), rs.getLong(2), sequence),
                sequence);
    }

    /** Returns the present row of a key; a row without versions if there is none. */
    public KeyRow key(String name) {
        return session.first(Statements.KEY_BY_NAME, (rs, ctx) -> KeyRow.of(rs), name)
                .orElseGet(() -> KeyRow.unknown(name));
    }

    /** Returns the present row of the key with this number, which must exist. */
    public KeyRow key(long id) {
        return session.first(Statements.KEY_BY_ID, (rs, ctx) -> KeyRow.of(rs), id)
                .orElseThrow();
    }

    /** Inserts a row for a key that has none. */
    public KeyRow insertKey(String name) {
        return session.first(Statements.INSERT_KEY, (rs, ctx) -> KeyRow.of(rs), name)
                .orElseThrow();
    }

    /**
     * Inserts the first row of a commit, after the last row of the log.
     *
     * @param versions the number of versions that the commit will have, each in a row of its own; the file demands all
     *     of them and accepts no more
     * @param events the number of events that the commit will have, likewise
     */
    public void insertCommit(CommitIdentity commit, String agent, long at, int versions, int events) {
        session.change(
                Statements.INSERT_COMMIT,
                commit.sequence(),
                versions,
                commit.process(),
                commit.ordinal(),
                agent,
                at,
                events);
    }

    /**
     * The next version of a key. The schema's triggers refuse it unless the key is as given, and make it the newest.
     *
     * @param key the state of the key before
     * @param epoch the epoch of the key's claim; null if the key is not claimed
     * @param text the value; null for a tombstone
     */
    public record NextVersion(
            KeyRow key, @Nullable Long epoch, @Nullable String text) {
        /** Returns the row of the version before; null if there is none. */
        private @Nullable Long previous() {
            return key.latest() == 0 ? null : key.latest();
        }

        /** Returns the state of the key after it, in a row of the log. */
        public KeyRow after(long sequence, long row) {
            return new KeyRow(
                    key.id(), key.key(), key.version() + 1, text != null, sequence, key.epoch(), key.claim(), row);
        }
    }

    /**
     * Inserts a version of a commit that {@link #insertCommit} began.
     *
     * @param part the number of the version in the commit, from 1
     * @param remaining the number of versions that follow
     */
    public void insertVersion(long sequence, int part, int remaining, NextVersion next) {
        session.change(
                Statements.INSERT_VERSION,
                sequence + part,
                part,
                remaining,
                next.key().id(),
                next.key().version() + 1,
                next.epoch(),
                next.previous(),
                next.text());
    }

    /** Inserts a commit of one version, after the last row of the log. */
    public void insertSingle(CommitIdentity commit, String agent, long at, int events, NextVersion next) {
        session.change(
                Statements.INSERT_SINGLE,
                commit.sequence(),
                commit.process(),
                commit.ordinal(),
                agent,
                at,
                events,
                next.key().id(),
                next.key().version() + 1,
                next.epoch(),
                next.previous(),
                next.text());
    }

    /**
     * Inserts a commit of one version and no events, if the newest commit is the given one. It is one statement, so it
     * checks and writes atomically, outside of a transaction too.
     *
     * @param newest the newest commit, as it was seen last; there must be one
     * @return whether it was inserted
     */
    public boolean insertSingleAfter(
            CommitIdentity newest, CommitIdentity commit, String agent, long at, NextVersion next) {
        int inserted = session.change(
                Statements.INSERT_SINGLE_AFTER,
                commit.sequence(),
                commit.process(),
                commit.ordinal(),
                agent,
                at,
                0,
                next.key().id(),
                next.key().version() + 1,
                next.epoch(),
                next.previous(),
                next.text(),
                newest.process(),
                newest.ordinal(),
                newest.sequence());
        return inserted > 0;
    }

    /** Returns whether the file has a commit. */
    public boolean hasCommit(CommitIdentity commit) {
        return session.number(Statements.COMMIT_IS, commit.sequence(), commit.process(), commit.ordinal()) > 0;
    }

    /** Returns the newest version of a key, a tombstone included. */
    public Optional<VersionRow> latest(String name) {
        return session.first(Statements.LATEST, (rs, ctx) -> VersionRow.of(rs), name);
    }

    /**
     * Reads the newest version of a key and, from the same snapshot, whether the file still has a commit that was seen
     * before.
     */
    public LatestVersion latest(String name, CommitIdentity seen) {
        return session.first(
                        Statements.LATEST_AND_TIP,
                        (rs, ctx) -> {
                            boolean found = rs.getLong(2) > 0;
                            Tip tip = Tip.of(rs, 7, seen);
                            return new LatestVersion(found ? Optional.of(VersionRow.of(rs)) : Optional.empty(), tip);
                        },
                        seen.sequence(),
                        seen.process(),
                        seen.ordinal(),
                        name)
                .orElseThrow();
    }

    /** Returns the version of a key that was the newest at a sequence. */
    public Optional<VersionRow> latestAt(String name, long sequence) {
        return session.first(Statements.LATEST_AT, (rs, ctx) -> VersionRow.of(rs), sequence, name);
    }

    /**
     * Returns the number of the version of a key that was the newest at a sequence; empty if there was none, or it was
     * pruned.
     */
    public Optional<Long> numberAt(String name, long sequence) {
        return session.first(Statements.NUMBER_AT, (rs, ctx) -> rs.getLong(1), sequence, name);
    }

    /** Returns the versions of a key from one on, oldest first. */
    public Page<VersionRow> historyFrom(String name, long version, Bounds bounds) {
        return session.page(Statements.HISTORY_FROM, bounds, VALUE, name, version);
    }

    /** Returns one version of a key. */
    public Optional<VersionRow> version(String name, long version) {
        return session.first(Statements.VERSION, (rs, ctx) -> VersionRow.of(rs), name, version);
    }

    /**
     * Returns versions of a key, newest first.
     *
     * @param before a number that is greater than that of the first
     */
    public Page<VersionRow> history(String name, long before, Bounds bounds) {
        return session.page(Statements.HISTORY, bounds, VALUE, name, before);
    }

    /**
     * Returns the keys with a prefix that have a value, in the order of their names.
     *
     * @param after the name after which to begin; empty begins with the first
     */
    public Page<VersionRow> list(String prefix, String after, Bounds bounds) {
        String from = PrefixRange.from(prefix, after);
        return PrefixRange.end(prefix)
                .map(end -> session.page(Statements.LIST, bounds, VALUE, from, end))
                .orElseGet(() -> session.page(Statements.LIST_ALL, bounds, VALUE, from));
    }

    /** Returns the keys with a prefix that had a value at a sequence; see {@link #list}. */
    public Page<VersionRow> listAt(String prefix, String after, long sequence, Bounds bounds) {
        String from = PrefixRange.from(prefix, after);
        return PrefixRange.end(prefix)
                .map(end -> session.page(Statements.LIST_AT, bounds, VALUE, sequence, from, end))
                .orElseGet(() -> session.page(Statements.LIST_ALL_AT, bounds, VALUE, sequence, from));
    }

    /** Returns the newest change of a key, if it is after a sequence. */
    public Optional<Changed> keyChangedAfter(String name, long sequence) {
        return changed(Statements.CHANGED_KEY, sequence, name, name);
    }

    /** Returns the newest change of some key with a prefix that has changed after a sequence; empty if none has. */
    public Optional<Changed> prefixChangedAfter(String prefix, long sequence) {
        return PrefixRange.end(prefix)
                .map(end -> changed(Statements.CHANGED_IN, sequence, prefix, end))
                .orElseGet(() -> changed(Statements.CHANGED_FROM, sequence, prefix));
    }

    /**
     * Returns the changes after a row of the log, from one snapshot of the file.
     *
     * @param limit the most changes; if there are more, some are left out
     * @param seen the newest commit that was seen before
     */
    public LoggedChanges changesAfter(long row, int limit, CommitIdentity seen) {
        List<LoggedChange> changes = new ArrayList<>();
        Tip[] tip = {Tip.empty(seen)};
        session.all(
                Statements.CHANGES,
                (rs, ctx) -> {
                    String key = rs.getString(1);
                    if (key == null) {
                        tip[0] = Tip.of(rs, 2, seen);
                    } else {
                        changes.add(logged(key, rs));
                    }
                    return key == null;
                },
                seen.sequence(),
                seen.process(),
                seen.ordinal(),
                row,
                limit);
        return new LoggedChanges(tip[0], changes);
    }

    /** Returns one entry. A row with a text that is not valid UTF-8 is left to the callers that read it. */
    private static LoggedChange logged(String key, ResultSet rs) throws SQLException {
        String value = rs.getString(6);
        boolean readable = rs.getBoolean(7)
                && StrictText.isValid(rs, 1, key)
                && (value == null || StrictText.isValid(rs, 6, value));
        return new LoggedChange(key, rs.getLong(2), readable ? Optional.of(VersionRow.of(rs)) : Optional.empty());
    }

    private Optional<Changed> changed(String sql, @Nullable Object... args) {
        return session.first(sql, (rs, ctx) -> new Changed(rs.getString(1), rs.getLong(2), rs.getString(3)), args);
    }
}
