package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * History, streams, cursors and pins, whose rules a connection with SQL alone cannot break. The key 'cut' has versions
 * 2 to 5 of 5, and the stream 'cut' has events 2 to 4 of 4. The key 'whole' and the stream 'whole' have three of each.
 * An open snapshot sees version 3 of 'cut' and version 2 of 'whole', and events of both streams. The cursor 'held' has
 * a consumer, and the cursor 'free' has none.
 */
class HistoryDefendsItselfTest {
    private static final String ATTEMPTS = """
            prune old         | DELETE FROM log WHERE value = 'whole 1'
            prune old         | DELETE FROM log WHERE value = 'cut 2'
            prune old         | DELETE FROM log WHERE id = 1
            is a view         | DELETE FROM versions WHERE value = 'whole 1'
            is a view         | UPDATE history SET value = 'lie'
            does not change   | UPDATE log SET version = NULL, previous_id = NULL, value = NULL WHERE value = 'whole 1'
            does not change   | UPDATE log SET version = NULL, previous_id = NULL, value = NULL WHERE value = 'cut 2'
            does not change   | UPDATE log SET version = 1, value = 'cut 1' WHERE id = 1
            does not change   | UPDATE log SET previous_id = NULL WHERE value = 'cut 2'
            pruned up to      | INSERT INTO pruned_keys SELECT WHOLE, 1, SEQ('whole 1'), SEQ('whole 1'), 0
            pruned up to      | INSERT INTO pruned_keys SELECT WHOLE, 2, SEQ('whole 3'), SEQ('whole 1'), SEQ('whole 1')
            pruned up to      | INSERT INTO pruned_keys SELECT WHOLE, 2, SEQ('whole 2'), SEQ('whole 2'), SEQ('whole 1')
            pruned up to      | INSERT INTO pruned_keys SELECT WHOLE, 2, SEQ('whole 2'), SEQ('whole 1'), SEQ('whole 2')
            pruned up to      | INSERT INTO pruned_keys SELECT WHOLE, 4, 99, SEQ('whole 1'), SEQ('whole 3')
            pruned up to      | INSERT OR REPLACE INTO pruned_keys SELECT CUT, 2, SEQ('cut 2'), NULL, NULL
            pruned up to      | INSERT OR REPLACE INTO pruned_keys SELECT key_id, oldest_version, oldest_sequence, first_sequence, pruned_through FROM pruned_keys
            pruned up to      | INSERT INTO prunes (key, oldest_version) VALUES ('whole', 0)
            pruned up to      | INSERT INTO prunes (key, oldest_version) VALUES ('whole', 9)
            pruned up to      | INSERT INTO prunes (key, oldest_version) VALUES ('cut', 2)
            pruned up to      | INSERT INTO prunes (key, oldest_version) VALUES ('cut', 9)
            open snapshot     | INSERT INTO prunes (key, oldest_version) VALUES ('whole', 3)
            open snapshot     | INSERT INTO prunes (key, oldest_version) VALUES ('cut', 4)
            open snapshot     | INSERT INTO prunes (key, oldest_version) VALUES ('cut', 5)
            pruned up to      | UPDATE pruned_keys SET oldest_version = 1
            pruned up to      | UPDATE pruned_keys SET key_id = WHOLE, oldest_version = 3, oldest_sequence = SEQ('whole 3'), pruned_through = SEQ('whole 2')
            pruned up to      | UPDATE pruned_keys SET rowid = WHOLE, oldest_version = 3, oldest_sequence = SEQ('whole 3'), pruned_through = SEQ('whole 2')
            pruned up to      | UPDATE pruned_keys SET oldest_version = 3, oldest_sequence = SEQ('cut 3'), pruned_through = SEQ('cut 2'), first_sequence = 0
            pruned up to      | UPDATE pruned_keys SET oldest_version = 3, oldest_sequence = SEQ('cut 4'), pruned_through = SEQ('cut 2')
            pruned up to      | UPDATE pruned_keys SET oldest_version = 3, oldest_sequence = SEQ('cut 3'), pruned_through = SEQ('cut 3')
            pruned up to      | UPDATE pruned_keys SET oldest_sequence = SEQ('cut 2')
            does not come     | DELETE FROM pruned_keys
            only key and      | INSERT INTO prunes (key, oldest_version, oldest_sequence) VALUES ('whole', 2, 1)
            only key and      | INSERT INTO prunes (key, oldest_version) VALUES ('whole', 'two')
            only key and      | INSERT INTO prunes (key, oldest_version) VALUES ('none', 2)
            does not move     | UPDATE snapshots SET sequence = 0
            does not move     | UPDATE snapshots SET lease_ms = 1000000000
            how much is kept  | INSERT INTO retention_rules (prefix) VALUES ('x')
            CHECK             | INSERT INTO retention_rules (prefix, max_versions) VALUES ('x', 0)
            CHECK             | INSERT INTO retention_rules (prefix, max_age_ms) VALUES ('x', -1)
            begins once       | INSERT INTO streams (stream, last_number) VALUES ('new', 1)
            begins once       | INSERT INTO streams (stream, sequence) VALUES ('new', 1)
            begins once       | INSERT INTO streams (stream, first_sequence) VALUES ('new', 1)
            begins once       | INSERT INTO streams (stream, oldest_number) VALUES ('new', 2)
            begins once       | INSERT INTO streams (stream, pruned_through) VALUES ('new', 1)
            begins once       | INSERT OR REPLACE INTO streams (stream) VALUES ('whole')
            begins once       | INSERT OR REPLACE INTO streams (id, stream) VALUES (1, 'new')
            begins once       | INSERT OR REPLACE INTO streams (rowid, stream) VALUES (1, 'new')
            a name of         | INSERT INTO streams (stream) VALUES ('')
            a name of         | INSERT INTO streams (stream) VALUES (char(97, 10))
            a name of         | INSERT INTO streams (stream) VALUES (char(97, 133))
            not renamed       | UPDATE streams SET stream = 'other' WHERE stream = 'whole'
            not renamed       | UPDATE streams SET rowid = 77 WHERE stream = 'whole'
            only grows        | UPDATE streams SET first_sequence = 0
            only grows        | UPDATE streams SET first_sequence = 1, last_number = last_number + 1
            only grows        | UPDATE streams SET last_number = last_number - 1
            only grows        | UPDATE streams SET last_number = last_number + 1
            only grows        | UPDATE streams SET last_number = last_number + 2
            only grows        | UPDATE streams SET sequence = 1
            only grows        | UPDATE streams SET last_number = 0, sequence = 0
            up to an event    | UPDATE streams SET oldest_number = 1 WHERE stream = 'cut'
            up to an event    | UPDATE streams SET oldest_number = 2, pruned_through = 0 WHERE stream = 'cut'
            up to an event    | UPDATE streams SET oldest_number = 5, pruned_through = EVENT('cut 4') WHERE stream = 'cut'
            up to an event    | UPDATE streams SET oldest_number = 4, pruned_through = EVENT('whole 3') WHERE stream = 'whole'
            up to an event    | UPDATE streams SET oldest_number = 3, pruned_through = EVENT('whole 1') WHERE stream = 'whole'
            up to an event    | UPDATE streams SET pruned_through = 0 WHERE stream = 'cut'
            open snapshot     | UPDATE streams SET oldest_number = 3, pruned_through = EVENT('cut 2') WHERE stream = 'cut'
            open snapshot     | UPDATE streams SET oldest_number = 2, pruned_through = EVENT('whole 1') WHERE stream = 'whole'
            only grows        | DELETE FROM streams WHERE stream = 'whole'
            does not change   | UPDATE events SET body = 'lie'
            does not change   | UPDATE OR REPLACE events SET number = 1 WHERE number = 2
            does not change   | UPDATE events SET rowid = 99 WHERE body = 'whole 3'
            only grows        | DELETE FROM events WHERE body = 'whole 1'
            only grows        | DELETE FROM events WHERE body = 'cut 4'
            in order          | INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT 2, 9, LAST, 'x', 'x'
            in order          | INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT 2, 3, LAST, 'x', 'x'
            in order          | INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT 99, 1, LAST, 'x', 'x'
            in order          | INSERT OR REPLACE INTO events SELECT 2, 2, 4, LAST, 'x', 1, 'lie'
            the newest commit | INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT 2, 4, 1, 'x', 'x'
            the newest commit | INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT 2, 4, LAST + 1, 'x', 'x'
            is complete       | INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT 2, 4, LAST, 'x', 'x'
            is complete       | COMMIT(1); INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT 2, 4, LAST, 'x', 'x'; INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT 2, 5, LAST, 'y', 'x'
            appended to       | COMMIT(1); INSERT INTO events (id, stream_id, number, sequence, event_id, body) SELECT -5, 2, 4, LAST, 'x', 'x'
            appended to       | COMMIT(1); INSERT INTO events (id, stream_id, number, sequence, event_id, body) SELECT 99, 2, 4, LAST, 'x', 'x'
            stored once       | COMMIT(1); INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT 2, 4, LAST, 'e1', 'x'
            a name of         | COMMIT(1); INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT 2, 4, LAST, '', 'x'
            without NUL       | COMMIT(1); INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT 2, 4, LAST, 'x', char(0)
            can be given      | INSERT INTO event_log (stream, event_id, body, number) VALUES ('whole', 'x', 'x', 4)
            can be given      | INSERT INTO event_log (stream, event_id, body, schema_version) VALUES ('whole', 'x', 'x', 1)
            can be given      | INSERT INTO event_log (stream, event_id, body, sequence) VALUES ('whole', 'x', 'x', 1)
            can be given      | INSERT INTO event_log (stream, event_id, body, writer) VALUES ('whole', 'x', 'x', 'me')
            can be given      | INSERT INTO event_log (stream, event_id, body, committed_at) VALUES ('whole', 'x', 'x', 'now')
            are text          | INSERT INTO event_log (stream, event_id, body) VALUES (1, 'x', 'x')
            are text          | INSERT INTO event_log (stream, event_id, body) VALUES ('whole', x'41', 'x')
            are text          | INSERT INTO event_log (stream, event_id, body) VALUES ('whole', 'x', NULL)
            are text          | INSERT INTO event_log (stream, event_id, body) VALUES ('whole', 'x', char(97, 0))
            stored once       | INSERT INTO event_log (stream, event_id, body) VALUES ('whole', 'e2', 'x')
            begins once       | INSERT INTO cursors SELECT NULL, 'new', WHOLE, 'values', '', 0, 1
            begins once       | INSERT INTO cursors SELECT NULL, 'new', WHOLE, 'values', '', LAST + 1, LAST
            begins once       | INSERT OR REPLACE INTO cursors SELECT NULL, 'free', WHOLE, 'values', '', 0, LAST
            begins once       | INSERT OR REPLACE INTO cursors SELECT 1, 'new', WHOLE, 'values', '', 0, LAST
            CHECK             | BEGIN IMMEDIATE; INSERT INTO keys (key) VALUES ('fencepost:cursor:new'); INSERT INTO cursors SELECT NULL, 'new', (SELECT id FROM keys WHERE key = 'fencepost:cursor:new'), 'nothing', '', 0, LAST
            CHECK             | BEGIN IMMEDIATE; INSERT INTO keys (key) VALUES ('fencepost:cursor:new'); INSERT INTO cursors SELECT NULL, 'new', (SELECT id FROM keys WHERE key = 'fencepost:cursor:new'), 'values', '', -1, LAST
            has a name        | BEGIN IMMEDIATE; INSERT INTO keys (key) VALUES ('fencepost:cursor:'); INSERT INTO cursors SELECT NULL, '', (SELECT id FROM keys WHERE key = 'fencepost:cursor:'), 'values', '', 0, LAST
            under the claim   | UPDATE cursors SET position = 0, moved_by_commit = LAST WHERE cursor = 'free'
            under the claim   | UPDATE cursors SET position = 0, moved_by_commit = 1 WHERE cursor = 'held'
            under the claim   | UPDATE cursors SET position = LAST + 1, moved_by_commit = LAST WHERE cursor = 'held'
            under the claim   | UPDATE cursors SET rowid = 77, moved_by_commit = LAST WHERE cursor = 'held'
            under the claim   | UPDATE cursors SET cursor = 'new', moved_by_commit = LAST WHERE cursor = 'held'
            under the claim   | UPDATE cursors SET key_id = WHOLE, moved_by_commit = LAST WHERE cursor = 'held'
            under the claim   | UPDATE cursors SET source = 'events', moved_by_commit = LAST WHERE cursor = 'held'
            under the claim   | UPDATE cursors SET prefix = 'x', moved_by_commit = LAST WHERE cursor = 'held'
            a consumer holds  | DELETE FROM cursors
            said with it      | INSERT INTO commit_dependencies VALUES (1, 'key', 'whole', 0)
            does not change   | UPDATE commit_dependencies SET as_of = 0
            does not change   | UPDATE refusals SET agent = 'another'
            """;

    @TempDir
    static Path folder;

    private static Path file = Path.of("");
    private static Store store;

    @BeforeAll
    static void fill() {
        file = folder.resolve("a.db");
        store = Store.open(StoreConfig.of(file).withProvenance(true));
        Agent agent = store.agent("planner");
        some(agent, "cut", 1, 2);
        assertThat(SqlShell.JDBC.run(file, "INSERT INTO prunes (key, oldest_version) VALUES ('cut', 2)"))
                .isEmpty();
        assertThat(SqlShell.JDBC.run(
                        file,
                        "UPDATE streams SET oldest_number = 2, pruned_through = (SELECT sequence FROM events"
                                + " WHERE number = 1)"))
                .isEmpty();
        some(agent, "whole", 1, 2);
        some(agent, "cut", 3, 3);
        Snapshot open = store.snapshot();
        assertThat(open.sequence()).isPositive();
        some(agent, "cut", 4, 5);
        some(agent, "whole", 3, 3);
        agent.feed().claimBatch(cursor("free"), Duration.ZERO).orElseThrow().acknowledge();
        ClaimedBatch<Change<String>> held =
                agent.feed().claimBatch(cursor("held"), Duration.ZERO).orElseThrow();
        assertThat(held.changes()).isNotEmpty();
        agent.transact(tx -> {
            tx.get(Key.text("whole"));
            tx.put(Key.text("rests"), "x");
            return true;
        });
        assertThat(agent.tryPut(Key.text("rests"), "y", Precondition.ifAbsent()).isCommitted())
                .isFalse();
    }

    private static void some(Agent agent, String name, int from, int to) {
        for (int i = from; i <= to; i++) {
            agent.put(Key.text(name), name + " " + i).orThrow();
            if (i < 5) {
                agent.append(EventStream.text(name), new NewEvent<>("e" + i, name + " " + i));
            }
        }
    }

    private static Cursor<Change<String>> cursor(String name) {
        return Cursor.of(name, ChangeSource.values(Prefix.text("whole")));
    }

    @AfterAll
    static void close() {
        assertThat(store.check().findings()).isEmpty();
        store.close();
    }

    /** Returns the statements of an attempt, with its abbreviations expanded. */
    private static List<String> statements(String attempt) {
        List<String> statements = new ArrayList<>();
        statements.add("PRAGMA busy_timeout = 5000");
        String plain = attempt.replace(
                        "COMMIT(1)",
                        "BEGIN IMMEDIATE; INSERT INTO log (id, part, remaining, process, process_commit_number,"
                                + " agent, committed_at, event_count) SELECT max(id) + 1, 0, 0, 0, 1, 'forger', 0, 1 FROM log")
                .replaceAll("SEQ\\(('[^']*')\\)", "(SELECT sequence FROM versions WHERE value = $1)")
                .replaceAll("EVENT\\(('[^']*')\\)", "(SELECT sequence FROM events WHERE body = $1)")
                .replace("WHOLE", "(SELECT id FROM keys WHERE key = 'whole')")
                .replace("CUT", "(SELECT id FROM keys WHERE key = 'cut')")
                .replace("LAST", "(SELECT max(sequence) FROM commits)");
        statements.addAll(Arrays.asList(plain.split("; ", -1)));
        return statements;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = ATTEMPTS)
    void everyAttemptIsRefused_andChangesNothing(String words, String attempt) {
        List<String> before = all();
        for (SqlShell prompt : SqlShell.here()) {
            for (int recursive = 0; recursive < 2; recursive++) {
                List<String> statements = new ArrayList<>(List.of("PRAGMA recursive_triggers = " + recursive));
                statements.addAll(statements(attempt));
                assertThat(prompt.run(file, statements).orElse("nothing was refused"))
                        .contains(words);
            }
        }
        assertThat(all()).isEqualTo(before);
    }

    private static List<String> all() {
        List<String> all = new ArrayList<>();
        for (String table : List.of(
                "log",
                "pruned_keys",
                "snapshots",
                "retention_rules",
                "streams",
                "events",
                "cursors",
                "commit_dependencies",
                "refusals")) {
            all.addAll(FileDump.query(file, "SELECT * FROM " + table));
        }
        return all;
    }

    @Test
    void onlySoManyRefusalsStay() {
        Path copy = folder.resolve("refusals.db");
        try (Store other = Store.open(copy)) {
            assertThat(other.check().findings()).isEmpty();
            String insert = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100001)"
                    + " INSERT INTO refusals SELECT i, 0, 0, 0, 'x', 'key', 'x', NULL, NULL, 'x' FROM n";
            assertThat(SqlShell.JDBC.run(copy, insert)).isEmpty();
            assertThat(FileDump.query(copy, "SELECT min(id), max(id), count(*) FROM refusals"))
                    .containsExactly("2|100001|100000");
        }
    }
}
