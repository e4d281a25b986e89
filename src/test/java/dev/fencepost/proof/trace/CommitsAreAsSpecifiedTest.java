package dev.fencepost.proof.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What eight processes did is allowed by the specification FencedCommit, and each lie about it is found out. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommitsAreAsSpecifiedTest {
    private static final int GROUPS = 4;

    @TempDir
    static Path folder;

    private static long seed;
    private static List<Step> steps = List.of();
    private static TraceChecker.Answer truth;
    private static TraceChecker.Answer lies;

    @BeforeAll
    static void actAndCheck() throws Exception {
        seed = new Random().nextInt(1_000_000);
        Path file = folder.resolve("traced.db");
        try (Troupe troupe = new Troupe(file, seed, GROUPS)) {
            for (int scene = 0; scene < 3; scene++) {
                troupe.act(12);
                troupe.stall();
            }
            troupe.kill();
            troupe.killAnywhere();
            troupe.act(8);
            troupe.leave();
        }
        try (Store store = Store.open(file)) {
            assertThat(store.check().findings()).isEmpty();
        }
        steps = Step.of(file);
        List<List<Step>> groups = KeyGroups.of(steps);
        List<CommitTrace> genuine = groups.stream().map(CommitTrace::of).toList();
        TraceChecker checker =
                new TraceChecker(folder, "FencedCommitTrace", TraceChecker.configOf("FencedCommitTrace"));
        truth = checker.check(CommitTrace.module(List.of(genuine)));
        List<List<CommitTrace>> corrupted = new ArrayList<>();
        for (Corruption lie : Corruption.values()) {
            corrupted.add(lie.in(groups).map(CommitTrace::of).stream().toList());
        }
        // The truth among them shows that this way of asking finds what is allowed.
        corrupted.add(genuine);
        lies = checker.checkEach(CommitTrace.module(corrupted));
    }

    @Test
    void whatHappened_isAllowed() {
        Set<String> kinds = new TreeSet<>();
        steps.forEach(step -> {
            kinds.add(step.what().what() + " " + step.what().how());
            step.ended().forEach(row -> kinds.add(row.how()));
        });
        assertThat(steps).as("seed " + seed).hasSizeGreaterThan(300);
        assertThat(kinds)
                .as("seed " + seed)
                .contains("commit applied", "commit conflict", "commit claimed", "commit fenced", "claim applied")
                .contains("claim held", "end released", "lease-expired", "holder-dead");
        assertThat(truth.accepted()).as("seed " + seed + "\n" + truth.end()).containsExactly(1);
        assertThat(lies.accepted()).as("seed " + seed).contains(Corruption.values().length + 1);
    }

    @ParameterizedTest
    @EnumSource(Corruption.class)
    void whatDidNotHappen_isNot(Corruption lie) {
        assertThat(lie.in(KeyGroups.of(steps))).as("seed " + seed).isPresent();
        assertThat(lies.accepted()).as("seed " + seed).doesNotContain(lie.ordinal() + 1);
    }
}
