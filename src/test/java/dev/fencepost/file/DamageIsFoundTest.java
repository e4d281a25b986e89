package dev.fencepost.file;

import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.WriteBatch;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Damage that was written while the triggers were dropped. When they are restored, the file opens, and the integrity
 * check finds the damage.
 */
class DamageIsFoundTest {
    /** The finding of the integrity check, and the damage. PART is the first version of the last commit. */
    private static final String DAMAGES = """
            versions step by one         | UPDATE keys SET version = 2 WHERE key = 'a'
            versions step by one         | UPDATE log SET version = 9 WHERE id = 3
            versions step by one         | UPDATE log SET version = version + 1 WHERE key_id = 2
            versions step by one         | DELETE FROM log WHERE id = 1
            versions step by one         | UPDATE log SET version = NULL, value = NULL WHERE id = 1
            versions step by one         | UPDATE log SET version = NULL, previous_id = NULL, value = NULL WHERE id = 2
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE log SET version = NULL WHERE id = 3
            versions step by one         | UPDATE log SET key_id = 2 WHERE id = 2
            versions step by one         | DELETE FROM log WHERE id = PART
            a commit is whole            | PRAGMA ignore_check_constraints = ON; UPDATE log SET part = 1 WHERE id = 1
            a commit is whole            | PRAGMA ignore_check_constraints = ON; UPDATE log SET part = 1 WHERE id = 2
            a commit is whole            | INSERT INTO log VALUES (99, 98, 0, NULL, NULL, NULL, NULL, 0, 1, 4, NULL, 3, 'x')
            a commit is whole            | INSERT INTO log SELECT max(id) + 1, 1, 0, NULL, NULL, NULL, NULL, 0, 1, 4, NULL, 3, 'x' FROM log
            a commit is whole            | PRAGMA ignore_check_constraints = ON; UPDATE log SET remaining = remaining + 1 WHERE id = 1
            a commit is whole            | UPDATE log SET remaining = 0 WHERE id = PART - 1
            a commit is whole            | UPDATE log SET remaining = 1 WHERE id = PART - 1
            a commit is whole            | UPDATE log SET remaining = 3 WHERE id = PART - 1
            a commit is whole            | UPDATE log SET remaining = 0 WHERE id = PART
            a commit is whole            | UPDATE log SET remaining = 1 WHERE id = PART + 1
            a commit is whole            | UPDATE log SET part = 2 WHERE id = PART
            a commit is whole            | UPDATE log SET part = 1 WHERE id = PART + 1
            a commit is whole            | DELETE FROM log WHERE id = PART
            a commit is whole            | DELETE FROM log WHERE id = PART + 1
            a commit is whole            | DELETE FROM log WHERE id = PART - 1
            a commit is whole            | UPDATE log SET part = 0, remaining = 0, process = 1, process_commit_number = 9, agent = 'x', committed_at = 0 WHERE id = PART
            a commit is whole            | UPDATE log SET part = 0, remaining = 0, process = 1, process_commit_number = 9, agent = 'x', committed_at = 0 WHERE id = PART + 1
            what is current              | UPDATE keys SET latest_version_id = 1 WHERE key = 'a'
            what is current              | UPDATE keys SET has_value = 0 WHERE key = 'a'
            what is current              | UPDATE keys SET sequence = 1 WHERE key = 'a'
            what is current              | UPDATE keys SET sequence = latest_version_id WHERE key = 'one'
            what is current              | UPDATE log SET value = NULL WHERE id = 3
            what is current              | UPDATE log SET version = NULL, previous_id = NULL, value = NULL WHERE id = 3
            history only grows           | UPDATE log SET id = 77 WHERE id = 1
            history only grows           | UPDATE log SET previous_id = NULL WHERE id = 2
            history only grows           | UPDATE log SET previous_id = 4 WHERE id = 2
            history only grows           | UPDATE log SET previous_id = 3 WHERE id = 2
            history only grows           | UPDATE log SET previous_id = 2 WHERE id = 2
            history only grows           | UPDATE log SET previous_id = 1 WHERE id = 3
            history only grows           | UPDATE log SET previous_id = 6 WHERE id = 11
            history only grows           | UPDATE log SET previous_id = 1 WHERE id = 4
            history only grows           | UPDATE log SET previous_id = 99 WHERE id = 3
            history only grows           | UPDATE log SET version = 1 WHERE id = 2
            history only grows           | UPDATE log SET version = 3 - version WHERE id IN (1, 2)
            history only grows           | UPDATE log SET version = 2, previous_id = 1 WHERE id = 3; UPDATE log SET version = 3, previous_id = 3 WHERE id = 2
            a commit has one version     | UPDATE log SET key_id = (SELECT key_id FROM log WHERE id = PART), version = 2, previous_id = PART WHERE id = PART + 1
            commits are numbered         | DELETE FROM log WHERE id = 2
            commits are numbered         | UPDATE log SET id = 99 WHERE id = 1
            commits are numbered         | UPDATE log SET id = -1 WHERE id = 1
            commits are numbered         | DELETE FROM log WHERE id = PART
            commits are numbered         | DELETE FROM log WHERE id = PART - 1
            every reference              | DELETE FROM log WHERE id = 2
            every reference              | UPDATE log SET previous_id = 99 WHERE id = 3
            every reference              | UPDATE log SET key_id = 99 WHERE id = 3
            every reference              | DELETE FROM processes WHERE id > 0
            every reference              | DELETE FROM keys WHERE key = 'b'
            every reference              | DELETE FROM claims
            epochs never fall            | UPDATE keys SET epoch = 0 WHERE key = 'freed'
            epochs never fall            | UPDATE keys SET epoch = epoch - 1 WHERE key = 'freed'
            epochs never fall            | UPDATE keys SET epoch = epoch + 1 WHERE key = 'held'
            epochs never fall            | UPDATE claims SET end_reason = 'released' WHERE end_reason = 'revoked'
            epochs never fall            | UPDATE claim_keys SET epoch = 7
            an epoch has one owner       | UPDATE claim_keys SET epoch = 1
            one claim on a key           | UPDATE keys SET claim_id = NULL; UPDATE keys SET claim_id = 6 WHERE key = 'a'
            no open claim without        | UPDATE keys SET claim_id = NULL
            no open claim without        | UPDATE claims SET ended_by_commit = NULL, end_reason = NULL
            a claim is whole             | DELETE FROM claim_keys
            a claim is whole             | UPDATE claims SET key_count = 2
            claims begin and end         | UPDATE claims SET agent = 'thief'
            claims begin and end         | UPDATE claims SET ended_by_commit = 1 WHERE end_reason = 'revoked'
            what names a commit          | UPDATE claims SET ended_by_commit = PART WHERE end_reason = 'revoked'
            what names a commit          | UPDATE sagas SET begun_by_commit = PART
            who writes a journal         | UPDATE saga_journal SET sequence = PART WHERE number = (SELECT max(number) FROM saga_journal)
            who writes a claimed key     | UPDATE log SET epoch = 3 WHERE id = 1
            who writes a claimed key     | UPDATE log SET epoch = 5 WHERE epoch IS NOT NULL
            a saga is what its journal   | UPDATE sagas SET state = 'compensated'
            a saga is what its journal   | DELETE FROM saga_journal WHERE number = 2
            a saga is what its journal   | UPDATE saga_journal SET type = 'stuck' WHERE type = 'completed'
            who writes a journal         | UPDATE saga_journal SET epoch = 7 WHERE number = 3
            who writes a journal         | UPDATE saga_journal SET epoch = NULL WHERE number = 3
            who writes a journal         | UPDATE saga_journal SET sequence = 1 WHERE number = 3
            a journal only grows         | UPDATE saga_journal SET sequence = 99 WHERE number = 2
            a file is one store          | PRAGMA ignore_check_constraints = ON; INSERT INTO store SELECT 2, store_id, 0 FROM store
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE keys SET key = '' WHERE key = 'b'
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE log SET value = char(0) WHERE id = 1
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE log SET key_id = NULL WHERE id = PART
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE log SET version = 1 WHERE id = 6
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE log SET value = 'x' WHERE id = 6
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE log SET event_count = -1 WHERE id = 6
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE log SET committed_at = 0 WHERE id = PART
            CHECK constraint failed      | PRAGMA ignore_check_constraints = ON; UPDATE log SET agent = NULL WHERE id = 1
            """;

    @TempDir
    static Path folder;

    private static Path whole = Path.of("");

    @BeforeAll
    static void fill() {
        whole = folder.resolve("whole.db");
        try (Store store = Store.open(whole)) {
            Agent planner = store.agent("planner");
            planner.put(Key.text("a"), "1").orThrow();
            planner.put(Key.text("a"), "2").orThrow();
            planner.put(Key.text("a"), "3").orThrow();
            planner.put(Key.text("b"), "1").orThrow();
            planner.put(Key.text("held"), "1").orThrow();
            planner.claim(Key.text("freed"), Lease.of(ofHours(1))).orThrow().release();
            planner.claim(Key.text("freed"), Lease.of(ofHours(1))).orThrow();
            planner.revoke(Key.text("freed"));
            planner.claim(Key.text("held"), Lease.withoutHeartbeats(ofHours(1)))
                    .orThrow()
                    .put(Key.text("held"), "2");
            planner.sagas()
                    .run(
                            SagaDefinition.of("order", 1, Codec.text())
                                    .step(ExternalStep.<String>of("charge", context -> "paid")),
                            "order-1",
                            "a book");
            planner.commit(WriteBatch.of().put(Key.text("one"), "1").put(Key.text("two"), "1"));
        }
    }

    @Test
    void aWholeFile_isHealthy() throws Exception {
        assertThat(findingsAfter("SELECT 1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = DAMAGES)
    void damageBehindTheTriggers_isFound(String law, String damage) throws Exception {
        String part = "(SELECT id FROM log WHERE part = 1)";
        assertThat(findingsAfter(damage.replace("PART", part)))
                .anySatisfy(finding -> assertThat(finding).contains(law));
    }

    @Test
    void aTriggerDroppedWhileOpen_isFound() throws Exception {
        Path file = copy();
        try (Store store = Store.open(file)) {
            assertThat(SqlShell.JDBC.run(file, "DROP TRIGGER log_immutable")).isEmpty();
            assertThat(store.check().findings())
                    .containsExactly("the triggers and constraints are intact: trigger log_immutable is missing");
        }
    }

    @Test
    void pagesOverwritten_areFound() throws Exception {
        Path file = copy();
        overwritePage(file, "saga_journal");
        try (Store store = Store.open(file)) {
            assertThat(store.check().findings())
                    .anySatisfy(finding -> assertThat(finding).startsWith("SQLite: "))
                    .anySatisfy(finding -> assertThat(finding).contains("The file is damaged"));
        }
    }

    @Test
    void pageOfTheLogOverwritten_isRefused() throws Exception {
        Path file = copy();
        overwritePage(file, "log");
        assertThatThrownBy(() -> Store.open(file))
                .isInstanceOf(UnusableStoreException.class)
                .hasMessageContainingAll("The file is damaged", "restore a backup");
    }

    private static void overwritePage(Path file, String table) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String root = "SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'";
        int page = Integer.parseInt(FileDump.query(file, root).get(0));
        int size = Integer.parseInt(FileDump.query(file, "PRAGMA page_size").get(0));
        Arrays.fill(bytes, (page - 1) * size, page * size, (byte) 0x5a);
        Files.write(file, bytes);
    }

    private static List<String> findingsAfter(String damage) throws Exception {
        return findingsAfter(copy(), damage);
    }

    /** Returns the findings of the integrity check after a damage that was made without triggers. */
    static List<String> findingsAfter(Path file, String damage) throws Exception {
        damage(file, damage);
        try (Store store = Store.open(file)) {
            return store.check().findings();
        }
    }

    /** Changes a file while it has no triggers. */
    static void damage(Path file, String damage) throws SQLException {
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            List<String> triggers = new ArrayList<>();
            try (ResultSet found =
                    statement.executeQuery("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")) {
                while (found.next()) {
                    triggers.add("DROP TRIGGER " + found.getString(1));
                    triggers.add(found.getString(2));
                }
            }
            statement.execute("BEGIN");
            for (int i = 0; i < triggers.size(); i += 2) {
                statement.execute(triggers.get(i));
            }
            for (String change : damage.split("; ", -1)) {
                statement.execute(change);
            }
            for (int i = 1; i < triggers.size(); i += 2) {
                statement.execute(triggers.get(i));
            }
            statement.execute("COMMIT");
        }
    }

    private static Path copy() throws Exception {
        Path file = folder.resolve("damaged.db");
        return Copies.of(whole, file);
    }
}
