package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
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
            versions step by one         | DELETE FROM trimmed
            versions step by one         | UPDATE versions SET version = 7 WHERE value = 'cut 2'
            versions step by one         | DELETE FROM versions WHERE value = 'cut 2'
            commits have                 | UPDATE commits SET versions = versions + 1 WHERE sequence = 1
            events, and streams          | UPDATE commits SET events = 1 WHERE sequence = 1
            what is no longer kept       | UPDATE trimmed SET kept_since = 1
            what is no longer kept       | UPDATE trimmed SET began = evicted_to + 1
            what is no longer kept       | UPDATE trimmed SET evicted_to = kept_since
            what is no longer kept       | UPDATE trimmed SET key_id = 1, kept_from = 1, kept_since = 1, began = 0, evicted_to = 0
            events are numbered          | DELETE FROM stream_events WHERE text = 'whole 2'
            events are numbered          | UPDATE stream_events SET number = number + 5
            events are numbered          | UPDATE stream_heads SET events = events + 1
            events are numbered          | UPDATE stream_heads SET kept_from = 2 WHERE stream = 'whole'
            events are numbered          | UPDATE stream_heads SET kept_from = 2, evicted_to = 1; DELETE FROM stream_events WHERE number = 2
            events are numbered          | UPDATE stream_heads SET sequence = 1
            events are numbered          | UPDATE stream_heads SET began = 1 WHERE stream = 'whole'
            events are numbered          | UPDATE stream_heads SET evicted_to = 0
            events are numbered          | UPDATE stream_heads SET evicted_to = 1
            events are in the order      | UPDATE stream_events SET id = 77 WHERE text = 'whole 2'
            events are in the order      | UPDATE stream_events SET number = 9 WHERE text = 'one 1'; UPDATE stream_events SET number = 1 WHERE text = 'one 2'; UPDATE stream_events SET number = 2 WHERE text = 'one 1'
            a commit has its events      | UPDATE commits SET events = 3 WHERE sequence = (SELECT max(sequence) FROM stream_events)
            a commit has its events      | UPDATE commits SET events = 0 WHERE sequence = (SELECT max(sequence) FROM stream_events)
            a commit has its events      | UPDATE commits SET events = 0 WHERE sequence = (SELECT sequence FROM stream_events WHERE text = 'cut 2')
            a cursor is at           | UPDATE feed_cursors SET at = 999
            a cursor is at           | UPDATE feed_cursors SET at = 999, moved_sequence = 1000
            every reference              | UPDATE feed_cursors SET key_id = 99
            every reference              | DELETE FROM stream_heads WHERE stream = 'whole'
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE stream_heads SET stream = '' WHERE stream = 'whole'
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
