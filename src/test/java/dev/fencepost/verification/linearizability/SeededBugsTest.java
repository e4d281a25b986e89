package dev.fencepost.verification.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real processes with a guard removed: the checker finds each bug from the recorded operations. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class SeededBugsTest {
    private static final int PROCESSES = 3;
    private static final int OPERATIONS = 1_500;
    /** The scheduling varies, so a bug may need several histories to show. */
    private static final int MOST_HISTORIES = 20;

    private static final String ONE_STATEMENT = "if (!request.isSingle() ||";
    private static final String NO_STATEMENT = "if (true ||";

    @TempDir
    private Path folder;

    private static Stream<Arguments> bugs() throws IOException {
        return Stream.concat(ofValues(), ofClaims());
    }

    private static Stream<Arguments> ofValues() {
        return Stream.of(
                Arguments.of(
                        // The commit in one statement has its own guard, so all commits use several statements.
                        SeededBug.of("versions that were demanded are not compared")
                                .in("commit/CommitValidator.java", ONE_STATEMENT, NO_STATEMENT)
                                .in(
                                        "commit/CommitRequest.java",
                                        "row.present() && row.version() == at.version()",
                                        "row.present()"),
                        "is no linearizable register"),
                Arguments.of(
                        SeededBug.of("what a transaction read is not looked at again")
                                .in("commit/CommitValidator.java", ONE_STATEMENT, NO_STATEMENT)
                                .in("commit/CommitValidator.java", "request.reads().ifPresent(this::checkReads);", ""),
                        "not strictly serializable"),
                Arguments.of(
                        SeededBug.of("a cached read does not ask whether it is the latest")
                                .in("read/ReadCache.java", " && file.is(state)", ""),
                        "is no linearizable register"),
                Arguments.of(
                        SeededBug.of("what is refused is written all the same")
                                .in(
                                        "commit/CommitValidator.java",
                                        "return reasons.isEmpty() ? write()",
                                        "CommitDecision all = write();\n            return reasons.isEmpty() ? all"),
                        "what was refused is in the store"));
    }

    private static Stream<Arguments> ofClaims() throws IOException {
        return Stream.of(
                Arguments.of(
                        SeededBug.of("the epochs of claims are not compared")
                                .in("commit/CommitValidator.java", "lost = checkFences()", "lost = List.of()"),
                        "a zombie was not fenced"),
                Arguments.of(
                        SeededBug.of("claims of others are not respected, nor defended by the file")
                                .in("commit/CommitValidator.java", "checkClaim(write, row);", "")
                                .inSchema(
                                        "V1__values.sql",
                                        "WHERE NEW.epoch IS NOT (SELECT iif(claim_id IS NULL, NULL, epoch) FROM keys WHERE id = NEW.key_id)",
                                        "WHERE 0"),
                        "a claim was not respected"),
                Arguments.of(
                        SeededBug.of("a reclaim does not move the epoch on, nor does the file demand it")
                                .in("sql/ClaimTables.java", "key.epoch() + 1;", "Math.max(1, key.epoch());")
                                .inSchema(
                                        "V1__claims.sql",
                                        "epoch = epoch + (NEW.end_reason <> 'released')",
                                        "epoch = epoch")
                                .withoutTrigger("V1__values.sql", "keys_claim_check")
                                .withoutTrigger("V1__claims.sql", "claim_keys_insert_check"),
                        "was granted twice"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void seededBug_isFound(SeededBug bug, String found) throws IOException {
        String classPath = bug.classPath(Files.createDirectory(folder.resolve("bug")));
        List<String> wrong = new ArrayList<>();
        try (Workers crew = new Workers(folder, classPath, PROCESSES)) {
            for (int index = 0;
                    index < MOST_HISTORIES && wrong.stream().noneMatch(words -> words.contains(found));
                    index++) {
                Path place = Files.createDirectory(folder.resolve("history-" + index));
                wrong = Checker.check(
                        new HistoryRun(1, index, OPERATIONS).make(crew, place).recording());
            }
        }
        assertThat(wrong).anyMatch(words -> words.contains(found));
    }
}
