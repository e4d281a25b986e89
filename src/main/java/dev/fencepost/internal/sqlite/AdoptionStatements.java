package dev.fencepost.internal.sqlite;

/** The SQL statements for backups, restores and adoptions. */
final class AdoptionStatements {
    private AdoptionStatements() {}

    /** SQLite's path of the file, as bytes. */
    private static final String OWN_PATH = "(SELECT CAST(file AS BLOB) FROM pragma_database_list WHERE seq = 0)";

    static final String HAS_PLACE = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'store_place'";
    static final String PLACE = "SELECT kind, path, path IN (x'', " + OWN_PATH + ") FROM store_place";
    static final String NOTE_PLACE = "UPDATE store_place SET path = " + OWN_PATH + " WHERE path IS NOT " + OWN_PATH;
    static final String SETTLE_AT = "UPDATE store_place SET kind = 'store', path = unhex(?)";
    static final String MARK_AS_BACKUP = "UPDATE store_place SET kind = 'backup'";

    static final String ADD_FORMER_STORE =
            "INSERT INTO former_stores (store_id, ended_at, how) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    static final String NEW_STORE_ID = "UPDATE store SET store_id = ?";

    static final String END_CLAIMS = """
            UPDATE claims SET ended_by_commit = (SELECT max(sequence) FROM commits), end_reason = 'revoked'
            WHERE ended_by_commit IS NULL""";
    static final String DELETE_ALL_WAITER_KEYS = "DELETE FROM claim_request_keys";
    static final String DELETE_ALL_WAITERS = "DELETE FROM claim_requests";
    static final String DELETE_ALL_PINS = "DELETE FROM snapshots";

    static final String RAISE_EPOCHS = "UPDATE keys SET epoch = epoch + 1";
    static final String EPOCHS = "SELECT id, key, epoch FROM keys WHERE id > ? AND epoch > 0 ORDER BY id LIMIT ?";
    static final String ADD_KEY =
            "INSERT INTO keys (key) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM keys WHERE key = ?1)";
    static final String RAISE_EPOCH = "UPDATE keys SET epoch = ?1 + 1 WHERE key = ?2 AND epoch <= ?1";
}
