package dev.fencepost.verification.fuzz;

/** Changes that an attacker makes to the rows of a file without defences. */
final class MaliciousUpdates {
    static final String STATEMENTS = """
            UPDATE keys SET version = 'x' WHERE key = 'a'
            UPDATE keys SET version = 9223372036854775807 WHERE key = 'a'
            UPDATE keys SET version = -5 WHERE key = 'a'
            UPDATE keys SET epoch = 9223372036854775807
            UPDATE keys SET epoch = 'x'
            UPDATE keys SET latest_version_id = 99999 WHERE key = 'a'
            UPDATE keys SET key = CAST(x'61ff62' AS TEXT) WHERE key = 'b/1'
            UPDATE keys SET key = x'00ff' WHERE key = 'b/1'
            UPDATE keys SET key = char(10) || char(27) || '[31m' WHERE key = 'b/1'
            UPDATE keys SET key = '' WHERE key = 'b/1'
            UPDATE keys SET key = hex(zeroblob(600)) WHERE key = 'b/1'
            UPDATE log SET value = x'ff00fe'
            UPDATE log SET value = 17
            UPDATE log SET value = CAST(x'c328ff' AS TEXT)
            UPDATE log SET value = hex(zeroblob(20000000)) WHERE id = (SELECT latest_version_id FROM keys WHERE key = 'a')
            UPDATE log SET version = 1.5 WHERE version = 1
            UPDATE log SET part = -1
            UPDATE log SET part = 9223372036854775807
            UPDATE log SET remaining = 9223372036854775807
            UPDATE log SET remaining = 'x'
            UPDATE log SET previous_id = id
            UPDATE log SET previous_id = (SELECT max(id) FROM log)
            UPDATE log SET previous_id = -1
            UPDATE log SET version = NULL, key_id = NULL
            UPDATE log SET version = 9223372036854775807
            UPDATE log SET id = -5 WHERE id = 1
            UPDATE log SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM log)
            UPDATE log SET committed_at = 9223372036854775807
            UPDATE log SET committed_at = -9223372036854775808
            UPDATE log SET committed_at = 'noon'
            UPDATE log SET agent = x'ff'
            UPDATE log SET agent = ''
            UPDATE log SET process = 'x'
            UPDATE log SET event_count = 9223372036854775807
            UPDATE store SET store_id = hex(zeroblob(3))
            UPDATE store SET store_id = '../../../../../../../etc/passwd!'
            UPDATE store SET store_id = x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
            DELETE FROM store
            UPDATE processes SET pid = 'x'
            UPDATE processes SET pid = -1, heartbeat_at = 9223372036854775807
            UPDATE processes SET start_time = x'ff', boot_id = x'00', pid_namespace = '/etc/passwd'
            UPDATE processes SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM processes)
            UPDATE claims SET lease_ms = 9223372036854775807, max_hold_ms = 9223372036854775807
            UPDATE claims SET lease_ms = -1
            UPDATE claims SET end_reason = 'eaten', ended_by_commit = 1
            UPDATE claims SET nonce = 'x'
            UPDATE claims SET granted_at = 9223372036854775807
            UPDATE claims SET key_count = -1
            DELETE FROM claims
            DELETE FROM claim_keys
            INSERT INTO claim_requests VALUES (9223372036854775807, 0, 'x', 1, 0, 9223372036854775807, '0123456789abcdef', 1, 1, 0)
            INSERT INTO snapshots VALUES (1, 0, -1, 9223372036854775807, 9223372036854775807)
            INSERT INTO pruned_keys SELECT id, 9223372036854775807, -1, 9, 9 FROM keys
            UPDATE retention_rules SET max_versions = -1
            UPDATE retention_rules SET max_versions = NULL, max_age_ms = NULL
            UPDATE retention_rules SET max_age_ms = 9223372036854775807, max_versions = NULL
            UPDATE retention_rules SET prefix = '', max_versions = 1
            UPDATE retention_rules SET prefix = x'ff'
            UPDATE streams SET last_number = 9223372036854775807
            UPDATE streams SET last_number = 'x', sequence = -1
            UPDATE streams SET stream = char(10)
            UPDATE sagas SET state = 'eaten'
            UPDATE sagas SET saga = x'ff'
            UPDATE sagas SET entry_count = -1, version = 'x'
            UPDATE saga_journal SET type = 'eaten'
            UPDATE saga_journal SET step = NULL, attempt = -1
            """;

    private MaliciousUpdates() {}
}
