package dev.fencepost.file;

import static java.time.Duration.ofHours;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch;
import dev.fencepost.file.RuleViolations.Attempt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A connection with SQL alone, which cannot break the laws. Every attempt is refused in clear words and changes
 * nothing. All attempts run beside an open store, with recursive triggers on and off, and with foreign keys on and off.
 * Each connection chooses these settings.
 */
class TheFileDefendsItselfTest {
    private static final List<SqlShell> PROMPTS = SqlShell.here();

    @TempDir
    static Path folder;

    static Path file = Path.of("");
    static Store store;

    @BeforeAll
    static void makeStore() {
        file = folder.resolve("a.db");
        try (Store first = Store.open(file)) {
            fill(first.agent("planner"));
        }
        // No heartbeat comes between two reads of the file.
        store = Store.open(StoreConfig.of(file).withHeartbeat(Duration.ofMinutes(10)));
        Agent holder = store.agent("holder");
        holder.claim(Key.text("held"), Lease.withoutHeartbeats(ofHours(1))).orThrow();
        holder.claim(Key.text("carried"), Lease.of(ofHours(1))).orThrow();
    }

    private static void fill(Agent planner) {
        planner.put(Key.text("a"), "1").orThrow();
        planner.put(Key.text("a"), "2").orThrow();
        planner.put(Key.text("b"), "1").orThrow();
        planner.put(Key.text("gone"), "1").orThrow();
        planner.delete(Key.text("gone")).orThrow();
        planner.put(Key.text("held"), "1").orThrow();
        Key<String> freed = Key.text("freed");
        planner.claim(freed, Lease.of(ofHours(1))).orThrow().release();
        planner.claim(freed, Lease.of(ofHours(1))).orThrow();
        planner.revoke(freed);
        planner.commit(WriteBatch.of().put(Key.text("one"), "1").put(Key.text("two"), "1"))
                .orThrow();
        planner.put(Key.text("old"), "1").orThrow();
        planner.put(Key.text("old"), "2").orThrow();
        assertThat(SqlShell.JDBC.run(
                        file,
                        "INSERT INTO current_values (key, value) VALUES ('edited', '1')",
                        "UPDATE current_values SET value = '2' WHERE key = 'edited'",
                        "UPDATE current_values SET value = '3' WHERE key = 'edited'",
                        "INSERT INTO prunes (key, oldest_version) VALUES ('old', 2), ('edited', 2)"))
                .isEmpty();
    }

    @AfterAll
    static void closeStore() {
        store.close();
    }

    @Test
    void versionsStepByOne_isRefusedAtThePrompt() {
        refuseAll(RuleViolations.onVersions());
        refuseAll(RuleViolations.onNewVersions());
    }

    @Test
    void historyDoesNotChange_isRefusedAtThePrompt() {
        refuseAll(RuleViolations.onHistory());
        refuseAll(RuleViolations.onHistoryByInserting());
        refuseAll(RuleViolations.onPlacesInHistory());
    }

    @Test
    void commitsAreNumberedOneAfterTheOther_isRefusedAtThePrompt() {
        refuseAll(RuleViolations.onCommits());
    }

    @Test
    void partsOfCommits_outOfOrder_areRefused() {
        refuseAll(LogRuleViolations.onParts());
        refuseAll(LogRuleViolations.onKeysOfParts());
        refuseAll(LogRuleViolations.onColumnsOfParts());
        refuseAll(LogRuleViolations.onFirstRows());
        refuseAll(LogRuleViolations.onFirstRowsThatLackSomething());
    }

    @Test
    void numbersLeftOut_ofARowOfTheLog_insertNothing() {
        refuseAll(LogRuleViolations.onMissingNumbers());
        refuseAll(LogRuleViolations.onTypes());
    }

    @Test
    void prunedVersions_changedByHand_areRefused() {
        refuseAll(LogRuleViolations.onPrunedVersions());
        refuseAll(LogRuleViolations.onColumns());
    }

    @Test
    void numbersOfRows_inPlaceOfSequences_areRefused() {
        refuseAll(LogRuleViolations.onRowsAsCommits());
        refuseAll(LogRuleViolations.onPrunesByParts());
    }

    @Test
    void viewsOfTheLog_areNotWritten() {
        refuseAll(LogRuleViolations.onViews());
    }

    @Test
    void epochsNeverFall_isRefusedAtThePrompt() {
        refuseAll(RuleViolations.onEpochs());
    }

    @Test
    void keysAreNotRenamed_isRefusedAtThePrompt() {
        refuseAll(RuleViolations.onKeys());
    }

    @Test
    void identityDoesNotChange_isRefusedAtThePrompt() {
        refuseAll(RuleViolations.onIdentity());
        refuseAll(RuleViolations.onProcesses());
    }

    @Test
    void claimsAreNotForged_isRefusedAtThePrompt() {
        refuseAll(ClaimRuleViolations.onClaims());
        refuseAll(ClaimRuleViolations.onNewGrants());
    }

    @Test
    void claimsEndOnce_isRefusedAtThePrompt() {
        refuseAll(ClaimRuleViolations.onGrants());
    }

    @Test
    void writesRespectClaimsAndLimits_isRefusedAtThePrompt() {
        refuseAll(ClaimRuleViolations.onWrites());
        refuseAll(ClaimRuleViolations.onValues());
        refuseAll(ClaimRuleViolations.onNames());
    }

    @Test
    void invalidTexts_atThePrompt_areRefused() {
        refuseAll(LimitViolations.onTexts());
    }

    @Test
    void lastNumbers_atThePrompt_areRefused() {
        refuseAll(LimitViolations.onNumbers());
        refuseAll(LimitViolations.onNumbersInCommits());
        refuseAll(LimitViolations.onCounters());
    }

    @Test
    void timesOutOfBounds_atThePrompt_areRefused() {
        refuseAll(LimitViolations.onTimes());
        refuseAll(LimitViolations.onTermsOfClaims());
    }

    @Test
    void closedMarks_ofAProcessWithClaims_areRefused() {
        refuseAll(LimitViolations.onProcesses());
    }

    @Test
    void incompleteCommits_atThePrompt_areRefused() {
        refuseAll(LimitViolations.onWholeCommits());
    }

    @Test
    void reservedKeys_atThePrompt_areRefused() {
        for (String prefix :
                List.of("fencepost:", "fencepost:saga:", "fencepost:cursor:", "fencepost:task:", "fencepost:undo:")) {
            refuseAll(List.of(new Attempt(
                    prefix,
                    "belong to the library",
                    List.of("INSERT INTO current_values (key, value) VALUES ('" + prefix + "x', 'x')"))));
        }
    }

    private static void refuseAll(List<Attempt> attempts) {
        List<String> before = FileDump.of(file);
        String failures = attempts.stream()
                .flatMap(attempt -> PROMPTS.stream().flatMap(prompt -> failures(attempt, prompt, before)))
                .collect(joining("\n"));
        assertThat(failures).isEmpty();
        assertThat(store.check().findings()).isEmpty();
    }

    private static Stream<String> failures(Attempt attempt, SqlShell prompt, List<String> before) {
        List<String> failures = new ArrayList<>();
        for (int settings = 0; settings < 4; settings++) {
            List<String> statements = new ArrayList<>();
            statements.add("PRAGMA recursive_triggers = " + settings % 2);
            statements.add("PRAGMA foreign_keys = " + settings / 2);
            statements.addAll(attempt.statements());
            String said = prompt.run(file, statements).orElse("nothing");
            if (!said.contains(attempt.words())) {
                failures.add(prompt + " " + settings + ": " + attempt + " was not refused with '" + attempt.words()
                        + "' but with: " + said);
            }
            if (!FileDump.of(file).equals(before)) {
                failures.add(prompt + " " + settings + ": " + attempt + " changed the file");
                return failures.stream();
            }
        }
        return failures.stream();
    }
}
