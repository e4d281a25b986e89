package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.RetentionPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damage to a file with pruned history, streams and a cursor; see also {@link DamageIsFoundTest}. */
class HistoryDamageIsFoundTest {
    /** The finding of the integrity check, and the damage. */
    private static final String DAMAGES = """
            versions step by one         | DELETE FROM pruned_keys
            versions step by one         | UPDATE log SET version = 7 WHERE value = 'cut 2'
            versions step by one         | DELETE FROM log WHERE value = 'cut 2'
            versions step by one         | UPDATE log SET version = NULL, previous_id = NULL, value = NULL WHERE value = 'cut 2'
            versions step by one         | UPDATE log SET version = 1, value = 'cut 1' WHERE id = 3
            versions step by one         | UPDATE log SET version = 2, value = 'cut 1' WHERE id = 3
            versions step by one         | UPDATE pruned_keys SET oldest_version = 3
            history only grows           | UPDATE log SET key_id = 1 WHERE id = 3
            history only grows           | UPDATE log SET previous_id = NULL WHERE value = 'cut 2'
            history only grows           | UPDATE log SET previous_id = 1 WHERE value = 'cut 2'
            history only grows           | UPDATE log SET previous_id = 3 WHERE value = 'cut 3'
            commits have                 | UPDATE log SET key_id = NULL WHERE id = 3
            commits have                 | UPDATE log SET key_id = 1 WHERE id = (SELECT max(sequence) FROM events)
            commits have                 | UPDATE log SET remaining = remaining + 1 WHERE id = (SELECT max(sequence) FROM events)
            commits have                 | DELETE FROM log WHERE id = 3
            events, and streams          | UPDATE log SET event_count = 1 WHERE id = 1
            what is no longer kept       | UPDATE pruned_keys SET oldest_sequence = 1
            what is no longer kept       | UPDATE pruned_keys SET first_sequence = pruned_through + 1
            what is no longer kept       | UPDATE pruned_keys SET pruned_through = oldest_sequence
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE log SET value = 'ghost' WHERE id = 3
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE log SET previous_id = 1 WHERE id = 3
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE log SET epoch = 1 WHERE id = 3
            what is no longer kept       | UPDATE pruned_keys SET key_id = 1, oldest_version = 1, oldest_sequence = 1, first_sequence = 0, pruned_through = 0
            events are numbered          | DELETE FROM events WHERE body = 'whole 2'
            events are numbered          | UPDATE events SET number = number + 5
            events are numbered          | UPDATE streams SET last_number = last_number + 1
            events are numbered          | UPDATE streams SET oldest_number = 2 WHERE stream = 'whole'
            events are numbered          | UPDATE streams SET oldest_number = 2, pruned_through = 1; DELETE FROM events WHERE number = 2
            events are numbered          | UPDATE streams SET sequence = 1
            events are numbered          | UPDATE streams SET first_sequence = 1 WHERE stream = 'whole'
            events are numbered          | UPDATE streams SET pruned_through = 0
            events are numbered          | UPDATE streams SET pruned_through = 1
            events are in the order      | UPDATE events SET id = 77 WHERE body = 'whole 2'
            events are in the order      | UPDATE events SET number = 9 WHERE body = 'one 1'; UPDATE events SET number = 1 WHERE body = 'one 2'; UPDATE events SET number = 2 WHERE body = 'one 1'
            a commit has its events      | UPDATE log SET event_count = 3 WHERE id = (SELECT max(sequence) FROM events)
            a commit has its events      | UPDATE log SET event_count = 0 WHERE id = (SELECT max(sequence) FROM events)
            a commit has its events      | UPDATE log SET event_count = 0 WHERE id = (SELECT sequence FROM events WHERE body = 'cut 2')
            a commit has its events      | UPDATE events SET sequence = (SELECT id FROM log WHERE part = 1) WHERE body = 'one 2'
            what names a commit      | UPDATE cursors SET position = 1, moved_by_commit = (SELECT id FROM log WHERE part = 1)
            a cursor is at           | UPDATE cursors SET position = 999
            a cursor is at           | UPDATE cursors SET position = 999, moved_by_commit = 1000
            every reference              | UPDATE cursors SET key_id = 99
            every reference              | DELETE FROM streams WHERE stream = 'whole'
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE streams SET stream = '' WHERE stream = 'whole'
            """;

    @TempDir
    static Path folder;

    private static Path whole = Path.of("");

    @BeforeAll
    static void fill() {
        whole = folder.resolve("whole.db");
        try (Store store = Store.open(whole)) {
            fill(store.agent("planner"));
        }
    }

    private static void fill(Agent planner) {
        planner.put(Key.text("a"), "x").orThrow();
        planner.put(Key.text("b"), "x").orThrow();
        for (int i = 1; i <= 3; i++) {
            planner.put(Key.text("cut"), "cut " + i).orThrow();
            planner.append(EventStream.text("cut"), new NewEvent<>("e" + i, "cut " + i));
        }
        planner.retention().setRule("cut", RetentionPolicy.latest(2));
        planner.retention().apply();
        for (int i = 1; i <= 3; i++) {
            planner.append(EventStream.text("whole"), new NewEvent<>("e" + i, "whole " + i));
        }
        planner.append(EventStream.text("one"), List.of(new NewEvent<>("e1", "one 1"), new NewEvent<>("e2", "one 2")));
        planner.commit(WriteBatch.of().put(Key.text("one"), "x").put(Key.text("two"), "x"));
        planner.feed()
                .claimBatch(Cursor.of("c", ChangeSource.values(Prefix.text("b"))), Duration.ZERO)
                .orElseThrow()
                .acknowledge();
    }

    private static List<String> findingsAfter(String damage) throws Exception {
        return DamageIsFoundTest.findingsAfter(Copies.of(whole, folder.resolve("damaged.db")), damage);
    }

    @Test
    void aWholeFile_isHealthy() throws Exception {
        assertThat(findingsAfter("SELECT 1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = DAMAGES)
    void damageBehindTheTriggers_isFound(String law, String damage) throws Exception {
        assertThat(findingsAfter(damage))
                .anySatisfy(finding -> assertThat(finding).contains(law));
    }
}
