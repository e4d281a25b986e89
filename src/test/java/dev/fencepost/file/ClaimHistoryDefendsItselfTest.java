package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.testing.StoreTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The history of claims at a SQL prompt. Claim 1 has ended with commit 2 and is pruned; claim 3 has ended with commit 4;
 * claim 5 is held. A snapshot is open at 4.
 */
class ClaimHistoryDefendsItselfTest extends StoreTest {
    private static final Lease LEASE = Lease.withoutHeartbeats(Duration.ofDays(1));

    private Store store;

    @BeforeEach
    void fill() {
        store = Store.open(file);
        Agent agent = store.agent("a");
        agent.claim(Key.text("one"), LEASE).orThrow().release();
        agent.retention().setClaimAge(Duration.ZERO);
        assertThat(agent.retention().apply().claims()).isEqualTo(1);
        agent.claim(Key.text("two"), LEASE).orThrow().release();
        Snapshot open = store.snapshot();
        assertThat(open.sequence()).isEqualTo(4);
        Claim held = agent.claim(Key.text("three"), LEASE).orThrow();
        assertThat(held.token().claim()).isEqualTo(5);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "only grows      | DELETE FROM claims WHERE id = 3",
                "only grows      | DELETE FROM claims WHERE id = 5",
                "only grows      | DELETE FROM claim_keys WHERE claim_id = 3",
                "only grows      | DELETE FROM claim_keys WHERE claim_id = 5",
                "open snapshot   | UPDATE pruned_claims SET through = 5",
                "that there is   | UPDATE pruned_claims SET through = 1",
                "that there is   | UPDATE pruned_claims SET through = 99",
                "that there is   | UPDATE pruned_claims SET id = 2",
                "that there is   | INSERT INTO pruned_claims VALUES (1, 3)",
                "that there is   | INSERT OR REPLACE INTO pruned_claims VALUES (1, 1)",
                "do not come     | DELETE FROM pruned_claims",
                "CHECK           | INSERT INTO claim_retention (id, max_age_ms) VALUES (2, 0)",
                "CHECK           | UPDATE claim_retention SET max_age_ms = -1",
                "only grows      | UPDATE pruned_claims SET through = 4; DELETE FROM claims WHERE id = 5"
            })
    void prunedClaims_atThePrompt_followTheRules(String message, String attempt) {
        for (SqlShell prompt : SqlShell.here()) {
            assertThat(prompt.run(file, List.of(("BEGIN IMMEDIATE; " + attempt).split("; "))))
                    .as("%s", prompt)
                    .isPresent()
                    .get()
                    .asString()
                    .contains(message);
        }
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void endedClaims_arePrunedByHand() {
        assertThat(SqlShell.JDBC.run(
                        file,
                        "UPDATE pruned_claims SET through = 4",
                        "DELETE FROM claims WHERE ended_by_commit <= 4",
                        "UPDATE claim_retention SET max_age_ms = 1000"))
                .isEmpty();
        assertThat(store.check().findings()).isEmpty();
        assertThat(store.agent("a").retention().claimAge()).contains(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epochs never fall                 | UPDATE keys SET epoch = 0 WHERE key = 'three'",
                "epochs never fall                 | UPDATE keys SET epoch = 7 WHERE key = 'three'",
                "epochs never fall                 | UPDATE keys SET epoch = 0 WHERE key = 'two'",
                "claims are pruned up to a commit  | UPDATE pruned_claims SET through = 0",
                "claims are pruned up to a commit  | UPDATE pruned_claims SET through = 99",
                "epochs never fall                 | DELETE FROM pruned_claims"
            })
    void damage_isFound(String law, String damage) throws Exception {
        store.close();
        Path copy = folder.resolve("copy.db");
        Copies.of(file, copy);
        assertThat(DamageIsFoundTest.findingsAfter(copy, damage)).anyMatch(finding -> finding.contains(law));
    }
}
