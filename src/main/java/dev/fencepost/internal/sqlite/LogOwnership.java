package dev.fencepost.internal.sqlite;

import dev.fencepost.FencepostException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sqlite.LogOwnershipStatements.Appended;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Detects a WAL that belongs to another file than the one it lies beside.
 *
 * <p>SQLite links a WAL to its file by name only. If a backup is moved over a store that still has a WAL, SQLite
 * replays the old WAL into the backup. The check compares the file alone with the file as read with its WAL. It
 * compares the identity, the newest commit of the file, and the commits, versions and events after it. A WAL that fits
 * in every respect is accepted. An interrupted checkpoint leaves old and new pages in the file. So the check ignores
 * unreadable rows and pages that may have had another use.
 *
 * <p>The check writes nothing except SQLite's index of the WAL.
 */
final class LogOwnership {
    /** The length of a WAL without frames, in bytes. */
    private static final int LOG_HEADER = 32;

    /** The number of comparisons that must find a difference. A running checkpoint can cause one for a moment. */
    private static final int MOST_LOOKS = 4;

    /** The first bytes of a rollback journal. SQLite: 'Database File Format', section 3. */
    private static final long JOURNAL_MAGIC = 0xd9d505f920a163d7L;

    private final SqliteConnections sqlite;

    private LogOwnership(SqliteConnections sqlite) {
        this.sqlite = sqlite;
    }

    /** A row of an append-only table, with the columns that identify it. */
    private record Mark(long id, long sequence, String text) {
        static final Mark NONE = new Mark(0, 0, "");
    }

    /** The identity and the newest rows of one view of the file. */
    private record Summary(
            String storeId, long begunAt, long cookie, long objects, Optional<Mark> commit, Mark version, Mark event) {}

    /**
     * Refuses a file whose WAL belongs to another file.
     *
     * @throws UnusableStoreException with {@link Reason#FOREIGN_LOG}
     */
    static void refuseForeignLog(Path file, SqliteConnections sqlite) {
        if (!hasLog(file)) {
            return;
        }
        Optional<String> wrong = Optional.empty();
        for (int look = 0; look < MOST_LOOKS; look++) {
            wrong = isHot(journal(file))
                    ? Optional.of("beside both a WAL and a rollback journal")
                    : new LogOwnership(sqlite).difference();
            if (wrong.isEmpty()) {
                return;
            }
        }
        throw FileChecks.refusal(
                Reason.FOREIGN_LOG,
                "'" + file + "' was put " + wrong.orElse("")
                        + ". It was not opened, so that the WAL is not replayed into it. Stop all processes. Then run"
                        + " 'fencepost restore' with the backup, or, to discard the commits in it, remove '"
                        + log(file)
                        + "'",
                null);
    }

    /** Tells whether a WAL with frames lies beside the file. */
    static boolean hasLog(Path file) {
        try {
            return Files.size(log(file)) > LOG_HEADER;
        } catch (IOException e) {
            // There is none, or SQLite cannot read it either.
            return false;
        }
    }

    static Path log(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    static Path journal(Path file) {
        return file.resolveSibling(file.getFileName() + "-journal");
    }

    private static boolean isHot(Path journal) {
        try (InputStream bytes = Files.newInputStream(journal)) {
            byte[] magic = bytes.readNBytes(Long.BYTES);
            return magic.length == Long.BYTES && ByteBuffer.wrap(magic).getLong() == JOURNAL_MAGIC;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the first difference that no sound store shows, as the end of a sentence; empty if there is none. */
    private Optional<String> difference() {
        try (Session file = sqlite.peekAtPart()) {
            if (Schema.applicationOf(file) != Schema.APPLICATION_ID) {
                return Optional.empty();
            }
            if (StorePlace.isBackup(file)) {
                return Optional.of("beside a WAL, though it is a backup, which has none");
            }
            return differenceFrom(summary(file));
        } catch (FencepostException e) {
            // A part of the WAL is in the file, or the file is damaged, which the opening detects.
            return Optional.empty();
        }
    }

    private Optional<String> differenceFrom(Summary alone) {
        try (Session log = sqlite.openReadOnly()) {
            return log.inSnapshot(() -> difference(alone, log));
        } catch (UnusableStoreException e) {
            return e.reason() == Reason.DAMAGED && isSoundAlone()
                    ? Optional.of("beside a WAL with which it cannot be read, though it is sound without it")
                    : Optional.empty();
        }
    }

    /**
     * Tells whether the file is sound without its WAL. Reads the whole file, so it is called only if the WAL makes the
     * file unreadable.
     */
    private boolean isSoundAlone() {
        try (Session file = sqlite.peek()) {
            return file.first("PRAGMA quick_check(1)", (rs, ctx) -> rs.getString(1))
                    .map("ok"::equals)
                    .orElse(false);
        }
    }

    private static Summary summary(Session session) {
        return new Summary(
                StoreOpener.storeId(session),
                session.number(LogOwnershipStatements.BEGUN_AT),
                session.number("PRAGMA schema_version"),
                session.number(LogOwnershipStatements.OBJECTS),
                mark(session, LogOwnershipStatements.NEWEST_COMMIT),
                mark(session, LogOwnershipStatements.LOG.newest()).orElse(Mark.NONE),
                mark(session, LogOwnershipStatements.EVENTS.newest()).orElse(Mark.NONE));
    }

    private static Optional<Mark> mark(Session session, String sql, @Nullable Object... args) {
        return session.first(sql, (rs, ctx) -> new Mark(rs.getLong(1), rs.getLong(2), rs.getString(3)), args);
    }

    private static Optional<String> difference(Summary alone, Session log) {
        Summary both = summary(log);
        if (!alone.storeId().equals(both.storeId()) || alone.begunAt() != both.begunAt()) {
            return Optional.of("beside the WAL of another store");
        }
        // The file's schema version only grows, by at least one per object. In SQLite's backups it restarts.
        boolean countsAnew = alone.cookie() < alone.objects() && both.cookie() >= both.objects();
        if (alone.cookie() > both.cookie() || countsAnew) {
            return Optional.of("beside the WAL of the file that it is a copy of");
        }
        if (both.commit().map(Mark::sequence).orElse(0L)
                < alone.commit().map(Mark::sequence).orElse(0L)) {
            return Optional.of("beside an older WAL, or a truncated one");
        }
        if (alone.commit().isPresent() && !isIn(alone.commit().get(), log, LogOwnershipStatements.COMMIT)) {
            return Optional.of("beside the WAL of another history");
        }
        return hasGap(alone.version(), log, LogOwnershipStatements.LOG)
                        || hasGap(alone.event(), log, LogOwnershipStatements.EVENTS)
                ? Optional.of("beside a later WAL, which lacks the commits in between")
                : Optional.empty();
    }

    /** Tells whether a row is the same in another view. A missing row counts as the same, because it was pruned. */
    private static boolean isIn(Mark mark, Session log, String sql) {
        return mark(log, sql, mark.id()).map(mark::equals).orElse(true);
    }

    /**
     * Tells whether rows are missing after a row. Unless rows were pruned, they are numbered without gaps, and commits
     * record their number.
     */
    private static boolean hasGap(Mark from, Session log, Appended table) {
        boolean isAnchor = from.id() == 0 || mark(log, table.row(), from.id()).equals(Optional.of(from));
        if (!isAnchor || log.number(table.pruned()) > from.sequence()) {
            return false;
        }
        List<Long> counts = log.first(
                        table.after(),
                        (rs, ctx) -> List.of(rs.getLong(1), rs.getLong(2), rs.getLong(3)),
                        from.id(),
                        from.sequence())
                .orElseThrow();
        long announced = log.number(table.announced(), from.sequence());
        return (counts.get(0) != counts.get(1) - from.id() && counts.get(1) > 0) || counts.get(2) != announced;
    }
}
