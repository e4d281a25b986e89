package dev.fencepost.cli.demo;

import java.nio.file.Path;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The usual first attempt: a table of values in SQLite, with an optional version check, and a table of locks with
 * leases. It is not wrong by itself, but the scenarios fail with it.
 */
final class PlainTable implements AutoCloseable {
    /** A value and its version. */
    record Row(String value, long version) {}

    private final Handle handle;

    private PlainTable(Handle handle) {
        this.handle = handle;
    }

    static PlainTable open(Path file) {
        PlainTable table = new PlainTable(Jdbi.create("jdbc:sqlite:" + file + "?busy_timeout=30000&journal_mode=WAL")
                .open());
        table.handle.execute("CREATE TABLE IF NOT EXISTS plain (key TEXT PRIMARY KEY, value TEXT, version INTEGER)");
        table.handle.execute("CREATE TABLE IF NOT EXISTS locks (key TEXT PRIMARY KEY, owner TEXT, until INTEGER)");
        return table;
    }

    Optional<Row> read(String key) {
        return handle.createQuery("SELECT value, version FROM plain WHERE key = ?")
                .bind(0, key)
                .map((row, context) -> new Row(row.getString(1), row.getLong(2)))
                .findOne();
    }

    /** Writes a value without a check, so the last writer wins. */
    void write(String key, String value) {
        handle.execute(
                "INSERT INTO plain VALUES (?, ?, 1)"
                        + " ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = version + 1",
                key,
                value);
    }

    /** Writes a value if the version is unchanged. Returns whether it was. */
    boolean writeIfVersion(String key, String value, long version) {
        return handle.execute(
                        "UPDATE plain SET value = ?, version = version + 1 WHERE key = ? AND version = ?",
                        value,
                        key,
                        version)
                == 1;
    }

    /** Returns the number of keys that have this prefix and this value. */
    int count(String prefix, String value) {
        return handle.createQuery("SELECT count(*) FROM plain WHERE key LIKE ? || '%' AND value = ?")
                .bind(0, prefix)
                .bind(1, value)
                .mapTo(Integer.class)
                .one();
    }

    /** Takes a lock that is free, or whose lease has expired. Returns whether it did. */
    boolean lock(String key, String owner, long now, long until) {
        return handle.execute(
                        "INSERT INTO locks VALUES (?, ?, ?) ON CONFLICT (key)"
                                + " DO UPDATE SET owner = excluded.owner, until = excluded.until WHERE until < ?",
                        key,
                        owner,
                        until,
                        now)
                == 1;
    }

    @Override
    public void close() {
        handle.close();
    }
}
