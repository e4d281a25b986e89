package dev.fencepost.verification.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Claim;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.NewEvent;
import dev.fencepost.verification.crash.Checker.Demand;
import dev.fencepost.verification.crash.Checker.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checker itself: it finds nothing in an intact store, and it finds each seeded bug. */
class CheckerTest {
    private static final Key<String> COUNTER = Keys.COUNTER.key("1");
    private static final Key<String> FENCED = Keys.FENCED.key("1");

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void work() throws IOException {
        file = folder.resolve("a.db");
        try (Store store = Store.open(CrashMain.config(file, Durability.PROCESS_DEATH));
                Ledger ledger = new Ledger(AcknowledgedOperations.ledger(folder, "life"))) {
            Keys.prepare(store, folder);
            Workload labour = new Workload(
                    store, CrashMain.config(file, Durability.PROCESS_DEATH), store.agent("life"), ledger, "life", 1);
            for (int i = 1; i <= 3; i++) {
                int number = i;
                labour.piece(1, work -> Workload.told(store.agent("life").tryPut(COUNTER, Keys.value(number, work))));
            }
            labour.piece(1, work -> OptionalLong.empty());
            labour.piece(3, work -> {
                store.agent("life")
                        .commit(WriteBatch.of()
                                .put(Keys.ACCOUNT.key("0"), Keys.value(Keys.DEPOSIT - 5, work))
                                .put(Keys.ACCOUNT.key("1"), Keys.value(Keys.DEPOSIT + 5, work))
                                .append(Keys.MOVES, new NewEvent<>(work, "x")))
                        .orThrow();
                return OptionalLong.of(0);
            });
            Claim claim = store.agent("life")
                    .claim(FENCED, Lease.of(Duration.ofMinutes(1)))
                    .orThrow();
            labour.piece(
                    1,
                    work -> OptionalLong.of(
                            claim.put(FENCED, Keys.value(1, work)).sequence()));
            claim.release();
            try (Claim next = store.agent("next")
                    .claim(FENCED, Lease.of(Duration.ofMinutes(1)))
                    .orThrow()) {
                labour.piece(
                        1,
                        work -> OptionalLong.of(
                                next.put(FENCED, Keys.value(2, work)).sequence()));
            }
        }
    }

    private List<String> findings() throws IOException, SQLException {
        return Checker.check(file, AcknowledgedOperations.in(folder), Demand.ALL)
                .findings();
    }

    @Test
    void intactStore_hasNoFindings() throws Exception {
        AcknowledgedOperations told = AcknowledgedOperations.in(folder);
        assertThat(findings()).isEmpty();
        assertThat(told.works()).hasSize(8);
        assertThat(told.count(AcknowledgedOperations.Answer.ACKNOWLEDGED)).isEqualTo(7);
    }

    /** A bug: the finding that it causes, the lines that it adds to the ledger, and its changes to the file. */
    private record Bug(String words, String says, List<String> does) {
        @Override
        public String toString() {
            return words + says + does;
        }
    }

    static Stream<Bug> bugs() {
        return Stream.concat(bugsInTheLedger(), bugsInTheFile());
    }

    private static Stream<Bug> bugsInTheLedger() {
        return Stream.of(
                new Bug("acknowledged, and not there", "begun x 1\ndone x 99\n", List.of()),
                new Bug("acknowledged, and not there", "begun x 1\ndone x 0\n", List.of()),
                new Bug("refused, and there", "refused life.0\n", List.of()),
                new Bug("not where it was said to be", "done life.0 1\n", List.of()),
                new Bug("torn, or done twice", "begun life.0 2\n", List.of()),
                new Bug("odd something", "odd something\n", List.of()));
    }

    private static Stream<Bug> bugsInTheFile() {
        String last = "(SELECT max(sequence) FROM commits)";
        return Stream.of(
                new Bug(
                        "acknowledged, and not there",
                        "",
                        List.of("UPDATE log SET version = NULL WHERE value LIKE '% life.2'")),
                new Bug("torn", "", List.of("DELETE FROM events")),
                new Bug(
                        "not the next number",
                        "",
                        List.of("UPDATE log SET version = NULL WHERE value LIKE '% life.1'")),
                new Bug(
                        "an update was lost",
                        "",
                        List.of("UPDATE log SET value = '1 life.1' WHERE value LIKE '% life.1'")),
                new Bug("no process began it", "", List.of("UPDATE log SET value = '2 x' WHERE value LIKE '% life.1'")),
                new Bug(
                        "the accounts have",
                        "",
                        List.of("UPDATE log SET value = '7 life.4' WHERE value LIKE '995 life.4'")),
                new Bug(
                        "not in one commit",
                        "",
                        List.of("UPDATE log SET part = id - " + last + " WHERE value LIKE '995 life.4'")),
                new Bug(
                        "a zombie wrote",
                        "",
                        List.of("UPDATE log SET part = id - " + last + " WHERE value LIKE '% life.5'")),
                new Bug("an epoch that was over", "", List.of("UPDATE log SET epoch = 9 WHERE value LIKE '% life.5'")),
                new Bug("a claim that never was", "", List.of("UPDATE log SET epoch = 9 WHERE value LIKE '% life.6'")));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void seededBug_isFound(Bug bug) throws Exception {
        Files.writeString(AcknowledgedOperations.ledger(folder, "life"), bug.says(), StandardOpenOption.APPEND);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA foreign_keys = false");
            statement.execute("PRAGMA ignore_check_constraints = true");
            for (String trigger : List.of("log_immutable", "events_no_delete")) {
                statement.execute("DROP TRIGGER IF EXISTS " + trigger);
            }
            for (String sql : bug.does()) {
                statement.execute(sql);
            }
        }
        assertThat(findings()).anyMatch(finding -> finding.contains(bug.words()));
    }

    @Test
    void tornLine_isIgnored() throws Exception {
        Files.writeString(
                AcknowledgedOperations.ledger(folder, "life"), "begun x 1\ndone x 9", StandardOpenOption.APPEND);
        assertThat(findings()).isEmpty();
    }

    @Test
    void prefixDemand_countsALostEnd_andFindsAHole() throws Exception {
        Files.writeString(
                AcknowledgedOperations.ledger(folder, "life"), "begun x 1\ndone x 99\n", StandardOpenOption.APPEND);
        Finding lost = Checker.check(file, AcknowledgedOperations.in(folder), Demand.PREFIX);
        assertThat(lost.findings()).isEmpty();
        assertThat(lost.lost()).isEqualTo(1);
        Files.writeString(AcknowledgedOperations.ledger(folder, "life"), "done x 2\n", StandardOpenOption.APPEND);
        assertThat(Checker.check(file, AcknowledgedOperations.in(folder), Demand.PREFIX)
                        .findings())
                .anyMatch(finding -> finding.contains("acknowledged, and not there"));
    }

    @Test
    void gapInTheOperationsOfAThread_isFound() throws Exception {
        Files.writeString(
                AcknowledgedOperations.ledger(folder, "life"),
                "begun life.00 1\ndone life.00 0\n",
                StandardOpenOption.APPEND);
        assertThat(Checker.check(file, AcknowledgedOperations.in(folder), Demand.PREFIX)
                        .findings())
                .anyMatch(finding -> finding.contains("there, though number"));
    }

    @Test
    void laterAcknowledgement_isNotDemanded() throws Exception {
        var lengths = AcknowledgedOperations.lengths(folder);
        Files.writeString(
                AcknowledgedOperations.ledger(folder, "life"), "begun x 1\ndone x 99\n", StandardOpenOption.APPEND);
        assertThat(Checker.check(file, AcknowledgedOperations.in(folder, lengths), Demand.ALL)
                        .findings())
                .isEmpty();
    }
}
