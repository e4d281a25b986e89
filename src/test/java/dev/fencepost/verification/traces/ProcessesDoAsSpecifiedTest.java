package dev.fencepost.verification.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The steps of eight processes against the specifications: recorded traces are accepted, and mutated ones are rejected.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessesDoAsSpecifiedTest {
    private static final int GROUPS = 4;
    private static final int ENOUGH = 500;
    private static final List<String> KINDS = List.of(
            "commit applied",
            "commit conflict",
            "commit claimed",
            "commit fenced",
            "claim applied",
            "claim held",
            "renew applied",
            "end released",
            "lease-expired",
            "holder-dead",
            "entry completed",
            "entry compensated",
            "entry unknown");

    @TempDir
    static Path folder;

    private static long seed;
    private static List<Step> steps = List.of();
    private static TraceChecker.Answer commits;
    private static TraceChecker.Answer liesOfCommits;
    private static TraceChecker.Answer sagas;
    private static TraceChecker.Answer liesOfSagas;

    @BeforeAll
    static void actAndCheck() throws Exception {
        seed = Long.getLong("seed", new Random().nextInt(1_000_000));
        Path file = folder.resolve("traced.db");
        Files.createDirectory(folder.resolve("outside"));
        try (TraceWorkers troupe = new TraceWorkers(file, seed, GROUPS)) {
            act(troupe, file);
        }
        try (Store store = Store.open(file)) {
            assertThat(store.check().findings()).isEmpty();
        }
        steps = Step.of(file);
        checkCommits(KeyGroups.of(steps));
        checkSagas(SagaTrace.group(steps));
    }

    private static void act(TraceWorkers troupe, Path file) throws SQLException {
        troupe.act(16);
        troupe.stall();
        troupe.kill();
        troupe.killAnywhere();
        troupe.runSagas(2);
        troupe.takeOver(true);
        troupe.takeOver(false);
        while (!isEnough(Step.of(file))) {
            troupe.act(4);
            troupe.runSagas(1);
            troupe.takeOver(false);
        }
        troupe.leave();
    }

    /** Tells whether there are enough steps, all kinds of them, and a place for each mutation. */
    private static boolean isEnough(List<Step> so) {
        Set<String> kinds = new TreeSet<>();
        so.forEach(step -> {
            kinds.add(step.what().what() + " " + step.what().how());
            step.ended().forEach(row -> kinds.add(row.how()));
        });
        return so.size() >= ENOUGH
                && kinds.containsAll(KINDS)
                && Stream.of(TraceMutation.values())
                        .allMatch(lie -> lie.in(KeyGroups.of(so)).isPresent())
                && Stream.of(SagaTraceMutation.values())
                        .allMatch(lie -> lie.in(SagaTrace.group(so)).isPresent());
    }

    private static void checkCommits(List<List<Step>> groups) throws Exception {
        List<CommitTrace> genuine = groups.stream().map(CommitTrace::of).toList();
        TraceChecker checker = new TraceChecker(folder, "FencedCommitTrace");
        commits = checker.check(CommitTrace.module(List.of(genuine)));
        List<List<CommitTrace>> bundles = new ArrayList<>();
        for (TraceMutation lie : TraceMutation.values()) {
            bundles.add(List.of(CommitTrace.of(lie.in(groups).orElseThrow())));
        }
        // The recorded trace among the mutations shows that this check can accept one.
        bundles.add(genuine);
        liesOfCommits = checker.checkEach(CommitTrace.module(bundles));
    }

    private static void checkSagas(List<List<Step>> each) throws Exception {
        List<SagaTrace> genuine = each.stream().map(SagaTrace::of).toList();
        TraceChecker checker = new TraceChecker(folder, "SagasTrace");
        sagas = checker.check(SagaTrace.module(List.of(genuine)));
        List<List<SagaTrace>> bundles = new ArrayList<>();
        for (SagaTraceMutation lie : SagaTraceMutation.values()) {
            bundles.add(List.of(SagaTrace.of(lie.in(each).orElseThrow())));
        }
        bundles.add(genuine);
        liesOfSagas = checker.checkEach(SagaTrace.module(bundles));
    }

    @Test
    void recordedTraces_areAccepted() {
        assertThat(commits.accepted()).as("seed " + seed + "\n" + commits.end()).containsExactly(1);
        assertThat(sagas.accepted()).as("seed " + seed + "\n" + sagas.end()).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource(TraceMutation.class)
    void mutatedCommitTrace_isRejected(TraceMutation lie) {
        assertThat(liesOfCommits.accepted())
                .as("seed " + seed)
                .contains(TraceMutation.values().length + 1)
                .doesNotContain(lie.ordinal() + 1);
    }

    @ParameterizedTest
    @EnumSource(SagaTraceMutation.class)
    void mutatedSagaTrace_isRejected(SagaTraceMutation lie) {
        assertThat(liesOfSagas.accepted())
                .as("seed " + seed)
                .contains(SagaTraceMutation.values().length + 1)
                .doesNotContain(lie.ordinal() + 1);
    }
}
