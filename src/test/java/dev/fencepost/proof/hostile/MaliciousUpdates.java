package dev.fencepost.proof.hostile;

/** Changes that an attacker makes to the rows of a file without defences. */
final class MaliciousUpdates {
    static final String STATEMENTS = """
            UPDATE keys SET version = 'x' WHERE key = 'a'
            UPDATE keys SET version = 9223372036854775807 WHERE key = 'a'
            UPDATE keys SET version = -5 WHERE key = 'a'
            UPDATE keys SET epoch = 9223372036854775807
            UPDATE keys SET epoch = 'x'
            UPDATE keys SET head = 99999 WHERE key = 'a'
            UPDATE keys SET key = CAST(x'61ff62' AS TEXT) WHERE key = 'b/1'
            UPDATE keys SET key = x'00ff' WHERE key = 'b/1'
            UPDATE keys SET key = char(10) || char(27) || '[31m' WHERE key = 'b/1'
            UPDATE keys SET key = '' WHERE key = 'b/1'
            UPDATE keys SET key = hex(zeroblob(600)) WHERE key = 'b/1'
            UPDATE versions SET value = x'ff00fe'
            UPDATE versions SET value = 17
            UPDATE versions SET value = CAST(x'c328ff' AS TEXT)
            UPDATE versions SET value = hex(zeroblob(20000000)) WHERE id = (SELECT head FROM keys WHERE key = 'a')
            UPDATE versions SET version = 1.5 WHERE version = 1
            UPDATE versions SET sequence = -1
            UPDATE commits SET sequence = -5 WHERE sequence = 1
            UPDATE commits SET sequence = 9223372036854775807 WHERE sequence = (SELECT max(sequence) FROM commits)
            UPDATE commits SET committed_at = 9223372036854775807
            UPDATE commits SET committed_at = -9223372036854775808
            UPDATE commits SET committed_at = 'noon'
            UPDATE commits SET agent = x'ff'
            UPDATE commits SET agent = ''
            UPDATE commits SET process = 'x'
            UPDATE commits SET versions = 9223372036854775807
            UPDATE store SET store_id = hex(zeroblob(3))
            UPDATE store SET store_id = '../../../../../../../etc/passwd!'
            UPDATE store SET store_id = x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
            DELETE FROM store
            UPDATE processes SET pid = 'x'
            UPDATE processes SET pid = -1, heartbeat_at = 9223372036854775807
            UPDATE processes SET started = x'ff', boot = x'00', namespace = '/etc/passwd'
            UPDATE processes SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM processes)
            UPDATE grants SET lease = 9223372036854775807, longest_hold = 9223372036854775807
            UPDATE grants SET lease = -1
            UPDATE grants SET ending = 'eaten', ended_sequence = 1
            UPDATE grants SET nonce = 'x'
            UPDATE grants SET granted_at = 9223372036854775807
            UPDATE grants SET keys = -1
            DELETE FROM grants
            DELETE FROM grant_keys
            INSERT INTO waiters VALUES (9223372036854775807, 0, 'x', 1, 0, 9223372036854775807)
            INSERT INTO pins VALUES (1, 0, -1, 9223372036854775807, 9223372036854775807)
            INSERT INTO trimmed SELECT id, 9223372036854775807, -1, 9, 9 FROM keys
            UPDATE retention SET versions = -1
            UPDATE retention SET versions = NULL, age = NULL
            UPDATE retention SET age = 9223372036854775807, versions = NULL
            UPDATE retention SET prefix = '', versions = 1
            UPDATE retention SET prefix = x'ff'
            UPDATE stream_heads SET events = 9223372036854775807
            UPDATE stream_heads SET events = 'x', sequence = -1
            UPDATE stream_heads SET stream = char(10)
            UPDATE saga_runs SET state = 'eaten'
            UPDATE saga_runs SET saga = x'ff'
            UPDATE saga_runs SET entries = -1, version = 'x'
            UPDATE saga_entries SET kind = 'eaten'
            UPDATE saga_entries SET step = NULL, attempt = -1
            """;

    private MaliciousUpdates() {}
}
