package dev.fencepost.internal.sqlite;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.sql.Corruption;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sqlite.WalIndex.Header;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Detects a schema that was changed while a store is open, before a commit is acknowledged. A trigger that was added or
 * dropped at a SQL prompt can make SQLite skip a write without an error.
 *
 * <p>SQLite counts changes of the schema in the file's schema cookie. The guard compares the cookie inside the write
 * transaction, and verifies the schema if the cookie differs. It skips both while the header of the log's index shows
 * that only this process has committed since the last comparison. Used by one thread at a time.
 */
final class SchemaGuard {
    private static final String COOKIE = "PRAGMA schema_version";
    private static final long NONE = -1;

    private final Schema schema;
    private long verified = NONE;
    private @Nullable Header unchangedUpTo;

    SchemaGuard() {
        this(Schema.SHIPPED);
    }

    SchemaGuard(Schema schema) {
        this.schema = schema;
    }

    /**
     * Verifies the schema if it may have changed. Must be called inside a write transaction, before its first statement
     * that changes anything.
     *
     * @param position the header of the log's index now; null if it is not known
     * @throws UnusableStoreException if the schema is not the one that this library made
     */
    void check(Session session, @Nullable Header position) {
        if (verified != NONE && position != null && position.equals(unchangedUpTo)) {
            return;
        }
        unchangedUpTo = null;
        long cookie = session.number(COOKIE);
        if (cookie != verified) {
            schema.verifyWhileOpen(session);
            verified = cookie;
        }
    }

    /**
     * Checks the schema after a statement that committed by itself.
     *
     * @param before the header before the statement; null if it is not known
     * @param after the header after it; null if it is not known
     * @param written tells whether the file has what the statement reported; asked only if the schema has changed
     * @throws UnusableStoreException if the schema is not the one that this library made, or the write was lost
     */
    void confirm(Session session, @Nullable Header before, @Nullable Header after, BooleanSupplier written) {
        if (verified != NONE
                && before != null
                && after != null
                && after.isNextAfter(before)
                && before.equals(unchangedUpTo)) {
            return;
        }
        long known = verified;
        check(session, null);
        // The schema may have been changed for the statement, and then changed back.
        if (verified != known && !written.getAsBoolean()) {
            throw Corruption.found("the schema changed during a write, and the write was lost");
        }
    }

    /**
     * Records that this process has committed.
     *
     * @param before the header before the commit; null if it is not known
     * @param after the header after it; null if it is not known
     */
    void committed(@Nullable Header before, @Nullable Header after) {
        unchangedUpTo = before != null && after != null && after.isNextAfter(before) ? after : null;
    }

    /** Forgets what was verified, because another connection reads the schema anew. */
    void forget() {
        verified = NONE;
        unchangedUpTo = null;
    }
}
