package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimToken;
import dev.fencepost.Codec;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.WorkerStep;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Stored words and numbers that no version of the library writes: the file is reported as damaged, and no caller is
 * blamed.
 */
class DamagedWordsTest {
    private static final Lease LEASE = Lease.of(Duration.ofHours(1));
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Key<String> KEY = Key.text("k");

    private static final SagaDefinition<String> ORDER = SagaDefinition.of("order", 1, Codec.text())
            .step(WorkerStep.of("pack", "warehouse", context -> "pack"))
            .step(WorkerStep.of("ship", "warehouse", context -> "ship"));

    /** A kind of damage, and a call that reads it. */
    enum Damage {
        STATE_OF_A_SAGA("sagas SET state = 'guessed'") {
            @Override
            void read(Store store, ClaimToken ended) {
                store.agent("planner").sagas().await("order-1", Duration.ZERO);
            }
        },
        KIND_OF_AN_ENTRY("saga_journal SET type = 'guessed'") {
            @Override
            void read(Store store, ClaimToken ended) {
                store.agent("planner").sagas().find("order-1");
            }
        },
        OUTCOME_OF_WORK("saga_tasks SET outcome = 'guessed', ended_by_commit = 1 WHERE outcome IS NULL") {
            @Override
            void read(Store store, ClaimToken ended) {
                store.agent("planner").sagas().run(ORDER, "order-1", "x");
            }
        },
        ENDING_OF_A_CLAIM("claims SET end_reason = 'guessed' WHERE end_reason IS NOT NULL") {
            @Override
            void read(Store store, ClaimToken ended) {
                store.agent("planner").resume(ended);
            }
        },
        NUMBER_THAT_RETENTION_KEEPS("retention_rules SET max_versions = -1") {
            @Override
            void read(Store store, ClaimToken ended) {
                store.agent("planner").retention().rules();
            }
        },
        KIND_OF_A_BELIEF("commit_dependencies SET kind = 'guessed'") {
            @Override
            void read(Store store, ClaimToken ended) {
                store.history().dependencies(KEY, 2);
            }
        };

        private final String update;

        Damage(String update) {
            this.update = update;
        }

        abstract void read(Store store, ClaimToken ended);
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void unknownWord_isReportedAsDamage(Damage damage) throws SQLException {
        Path file = folder.resolve("a.db");
        ClaimToken ended = fill(file);
        unguarded(file, "UPDATE " + damage.update);
        try (Store store = Store.open(file)) {
            UnusableStoreException thrown =
                    catchThrowableOfType(UnusableStoreException.class, () -> damage.read(store, ended));
            assertThat(thrown).isNotNull();
            assertThat(thrown.reason()).isEqualTo(Reason.DAMAGED);
        }
    }

    private static ClaimToken fill(Path file) {
        try (Store store = Store.open(StoreConfig.of(file).withProvenance(true))) {
            Agent agent = store.agent("planner");
            agent.sagas().start(ORDER, "order-1", "x");
            try (StepTask work =
                    agent.sagas().claimTask("warehouse", LEASE, LONG).orElseThrow()) {
                work.done("box 7");
            }
            agent.sagas().claimTask("warehouse", LEASE, LONG).orElseThrow();
            agent.retention().setRule("k", RetentionPolicy.latest(1_000));
            agent.put(KEY, "a").orThrow();
            agent.transact(transaction -> {
                transaction.get(KEY);
                transaction.put(KEY, "b");
                return "";
            });
            try (Claim claim = agent.claim(List.of(KEY), LEASE, LONG).orThrow()) {
                return claim.token();
            }
        }
    }

    /** Executes a statement without triggers and constraints, as a disk fault bypasses them. */
    private static void unguarded(Path file, String statement) throws SQLException {
        List<String> guards = FileDump.query(file, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'");
        List<String> names = FileDump.query(file, "SELECT name FROM sqlite_schema WHERE type = 'trigger'");
        try (Connection connection = SqlShell.connect(file);
                Statement sql = connection.createStatement()) {
            sql.execute("PRAGMA ignore_check_constraints = ON");
            for (String name : names) {
                sql.execute("DROP TRIGGER " + name);
            }
            assertThat(sql.executeUpdate(statement)).isPositive();
            for (String guard : guards) {
                sql.execute(guard);
            }
        }
    }
}
