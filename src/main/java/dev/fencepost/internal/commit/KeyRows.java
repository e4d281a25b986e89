package dev.fencepost.internal.commit;

import dev.fencepost.internal.sql.KeyRow;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of keys as this process left them in its last commit. They are the present ones while no other process has
 * committed since, so that a commit needs no query for its key. The owner clears them when the newest commit is another
 * one, when a transaction is rolled back, and when claims may have changed. The schema's triggers refuse a version that
 * was derived from an outdated row. For one leader at a time.
 */
final class KeyRows {
    private static final int MOST_ROWS = 10_000;

    private final Map<String, KeyRow> rows = new HashMap<>();

    /** Returns the row of a key; null if it is not known. */
    @Nullable KeyRow get(String key) {
        return rows.get(key);
    }

    /** Notes the present row of a key. */
    void put(KeyRow row) {
        if (rows.size() >= MOST_ROWS) {
            rows.clear();
        }
        rows.put(row.key(), row);
    }

    void clear() {
        if (!rows.isEmpty()) {
            rows.clear();
        }
    }
}
