package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.WorkerStep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sagas, journals and tasks, whose rules a connection with SQL alone cannot break. */
class SagasDefendThemselvesTest {
    private static final String ATTEMPTS = """
            begins once        | INSERT INTO saga_runs SELECT 9, 'order-1', key_id, 'x', 1, 'x', NULL, 1, 'running', 0 FROM saga_runs
            begins once        | INSERT OR REPLACE INTO saga_runs SELECT 1, 'other', key_id, 'x', 1, 'x', NULL, begun_sequence, 'running', 0 FROM saga_runs
            begins once        | INSERT INTO saga_runs SELECT 9, 'new', key_id, 'x', 1, 'x', NULL, (SELECT max(sequence) FROM commits), 'stuck', 3 FROM saga_runs
            what its journal   | UPDATE saga_runs SET state = 'completed'
            what its journal   | UPDATE saga_runs SET entries = 0
            what its journal   | UPDATE saga_runs SET rowid = 77
            what its journal   | UPDATE saga_runs SET input = 'another'
            what its journal   | UPDATE saga_runs SET deadline = 0
            has ended          | DELETE FROM saga_runs WHERE saga = 'stuck'
            only appended      | INSERT INTO saga_entries (run, entry, sequence, kind) VALUES (1, 2, 1, 'stuck')
            only appended      | INSERT INTO saga_entries SELECT NULL, id, 99, (SELECT max(sequence) FROM commits), NULL, 'stuck', NULL, NULL, NULL FROM saga_runs
            only appended      | INSERT INTO saga_entries SELECT NULL, id, entries + 1, 1, NULL, 'cancel-requested', NULL, NULL, NULL FROM saga_runs
            has ended          | INSERT INTO saga_entries SELECT NULL, id, entries + 1, (SELECT max(sequence) FROM commits), NULL, 'cancel-requested', NULL, NULL, NULL FROM saga_runs WHERE saga = 'order-1'
            present claim      | INSERT INTO saga_entries SELECT NULL, id, entries + 1, (SELECT max(sequence) FROM commits), NULL, 'retried', NULL, NULL, NULL FROM saga_runs WHERE saga = 'stuck'
            present claim      | INSERT INTO saga_entries SELECT NULL, id, entries + 1, (SELECT max(sequence) FROM commits), 1, 'retried', NULL, NULL, NULL FROM saga_runs WHERE saga = 'stuck'
            does not change    | UPDATE saga_entries SET text = 'nothing'
            does not change    | UPDATE saga_entries SET rowid = rowid + 100
            only grows         | DELETE FROM saga_entries
            offered by         | INSERT INTO saga_work SELECT NULL, run, step, undo, 9, role, input, key_id, epoch + 7, (SELECT max(sequence) FROM commits), NULL, NULL, NULL FROM saga_work
            offered by         | INSERT INTO saga_work SELECT NULL, run, step, undo, 9, role, input, key_id, epoch, 1, NULL, NULL, NULL FROM saga_work
            offered by         | INSERT INTO saga_work SELECT NULL, run, step, undo, 9, role, input, key_id, epoch + 1, (SELECT max(sequence) FROM commits), NULL, NULL, NULL FROM saga_work
            reported once      | UPDATE saga_work SET outcome = 'withdrawn', ended_sequence = (SELECT max(sequence) FROM commits)
            reported once      | UPDATE saga_work SET input = 'another'
            reported once      | UPDATE saga_work SET outcome = 'done', ended_sequence = 1
            reported once      | UPDATE saga_work SET rowid = 50
            part of history    | DELETE FROM saga_work
            present claim      | INSERT INTO saga_entries SELECT NULL, id, entries + 1, (SELECT max(sequence) FROM commits), NULL, 'guessed', NULL, NULL, NULL FROM saga_runs WHERE saga = 'stuck'
            """;

    @TempDir
    static Path folder;

    private static Path file = Path.of("");
    private static Store store;

    @BeforeAll
    static void fill() {
        file = folder.resolve("a.db");
        store = Store.open(file);
        Agent planner = store.agent("planner");
        SagaDefinition<String> order = SagaDefinition.of("order", 1, Codec.text());
        planner.sagas().run(order.step(ExternalStep.<String>of("charge", context -> "paid")), "order-1", "x");
        planner.sagas()
                .run(
                        order.step(ExternalStep.<String>of("charge", context -> {
                            throw new IOException("reset");
                        })),
                        "stuck",
                        "x");
        planner.sagas().start(order.step(WorkerStep.of("pack", "warehouse", context -> "pack")), "waits", "x");
        planner.sagas()
                .claimTask("warehouse", Lease.of(Duration.ofHours(1)), Duration.ofSeconds(30))
                .orElseThrow();
    }

    @AfterAll
    static void close() {
        assertThat(store.check().findings()).isEmpty();
        store.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = ATTEMPTS)
    void everyAttemptIsRefused_andChangesNothing(String words, String statement) {
        List<String> before = sagas();
        for (SqlShell prompt : SqlShell.here()) {
            assertThat(prompt.run(file, "PRAGMA busy_timeout = 5000", statement).orElse("nothing was refused"))
                    .contains(words);
            assertThat(prompt.run(file, "PRAGMA busy_timeout = 5000", "PRAGMA recursive_triggers = ON", statement)
                            .orElse("nothing was refused"))
                    .contains(words);
        }
        assertThat(sagas()).isEqualTo(before);
    }

    private static List<String> sagas() {
        return FileDump.query(
                file,
                "SELECT * FROM saga_runs UNION ALL SELECT id, run, entry, kind, step, text, epoch, sequence, attempt, 0"
                        + " FROM saga_entries UNION ALL SELECT id, run, step, undo, attempt, role, input, outcome, output, epoch FROM saga_work");
    }
}
