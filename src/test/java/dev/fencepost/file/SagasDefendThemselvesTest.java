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
            begins once        | INSERT INTO sagas SELECT 9, 'order-1', key_id, 'x', 1, 'x', NULL, 1, 'running', 0 FROM sagas
            begins once        | INSERT OR REPLACE INTO sagas SELECT 1, 'other', key_id, 'x', 1, 'x', NULL, begun_by_commit, 'running', 0 FROM sagas
            begins once        | INSERT INTO sagas SELECT 9, 'new', key_id, 'x', 1, 'x', NULL, (SELECT max(sequence) FROM commits), 'stuck', 3 FROM sagas
            what its journal   | UPDATE sagas SET state = 'completed'
            what its journal   | UPDATE sagas SET entry_count = 0
            what its journal   | UPDATE sagas SET rowid = 77
            what its journal   | UPDATE sagas SET input = 'another'
            what its journal   | UPDATE sagas SET deadline = 0
            has ended          | DELETE FROM sagas WHERE saga = 'stuck'
            only appended      | INSERT INTO saga_journal (saga_id, number, sequence, type) VALUES (1, 2, 1, 'stuck')
            only appended      | INSERT INTO saga_journal SELECT NULL, id, 99, (SELECT max(sequence) FROM commits), NULL, 'stuck', NULL, NULL, NULL FROM sagas
            only appended      | INSERT INTO saga_journal SELECT NULL, id, entry_count + 1, 1, NULL, 'cancel-requested', NULL, NULL, NULL FROM sagas
            has ended          | INSERT INTO saga_journal SELECT NULL, id, entry_count + 1, (SELECT max(sequence) FROM commits), NULL, 'cancel-requested', NULL, NULL, NULL FROM sagas WHERE saga = 'order-1'
            present claim      | INSERT INTO saga_journal SELECT NULL, id, entry_count + 1, (SELECT max(sequence) FROM commits), NULL, 'retried', NULL, NULL, NULL FROM sagas WHERE saga = 'stuck'
            present claim      | INSERT INTO saga_journal SELECT NULL, id, entry_count + 1, (SELECT max(sequence) FROM commits), 1, 'retried', NULL, NULL, NULL FROM sagas WHERE saga = 'stuck'
            does not change    | UPDATE saga_journal SET detail = 'nothing'
            does not change    | UPDATE saga_journal SET rowid = rowid + 100
            only grows         | DELETE FROM saga_journal
            offered by         | INSERT INTO saga_tasks SELECT NULL, saga_id, step, compensation, 9, role, input, key_id, offered_epoch + 7, (SELECT max(sequence) FROM commits), NULL, NULL, NULL FROM saga_tasks
            offered by         | INSERT INTO saga_tasks SELECT NULL, saga_id, step, compensation, 9, role, input, key_id, offered_epoch, 1, NULL, NULL, NULL FROM saga_tasks
            offered by         | INSERT INTO saga_tasks SELECT NULL, saga_id, step, compensation, 9, role, input, key_id, offered_epoch + 1, (SELECT max(sequence) FROM commits), NULL, NULL, NULL FROM saga_tasks
            reported once      | UPDATE saga_tasks SET outcome = 'withdrawn', ended_by_commit = (SELECT max(sequence) FROM commits)
            reported once      | UPDATE saga_tasks SET input = 'another'
            reported once      | UPDATE saga_tasks SET outcome = 'done', ended_by_commit = 1
            reported once      | UPDATE saga_tasks SET rowid = 50
            part of history    | DELETE FROM saga_tasks
            present claim      | INSERT INTO saga_journal SELECT NULL, id, entry_count + 1, (SELECT max(sequence) FROM commits), NULL, 'guessed', NULL, NULL, NULL FROM sagas WHERE saga = 'stuck'
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
                "SELECT * FROM sagas UNION ALL SELECT id, saga_id, number, type, step, detail, epoch, sequence, attempt, 0"
                        + " FROM saga_journal UNION ALL SELECT id, saga_id, step, compensation, attempt, role, input, outcome, output, offered_epoch FROM saga_tasks");
    }
}
