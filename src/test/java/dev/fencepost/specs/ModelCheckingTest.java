package dev.fencepost.specs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The specifications, which hold, and their mutants, each of which breaks its law. Two runs are active at a time. */
class ModelCheckingTest {
    private static final int AT_A_TIME = 2;
    private static final Map<String, Future<ModelCheckResult>> VERDICTS = new LinkedHashMap<>();
    private static final ExecutorService RUNS = Executors.newFixedThreadPool(AT_A_TIME);

    @TempDir
    static Path folder;

    @BeforeAll
    static void startAllRuns() throws Exception {
        ModelChecker checker = new ModelChecker(folder);
        Comparator<SpecConfig> largestFirst =
                Comparator.comparingLong(SpecConfig::distinctStates).reversed();
        Specs.models().stream().sorted(largestFirst).forEach(model -> start(model, () -> checker.check(model)));
        for (SpecConfig mutant : Specs.mutants()) {
            SpecConfig whole = Specs.model(mutant.base()).with(mutant);
            start(mutant, () -> checker.search(whole));
        }
    }

    @AfterAll
    static void stopAllRuns() {
        RUNS.shutdownNow();
    }

    @TestFactory
    Stream<DynamicTest> everyModel_holds() {
        return Specs.models().stream().map(model -> dynamicTest(model.name(), () -> assertHolds(model)));
    }

    @TestFactory
    Stream<DynamicTest> everyAction_isTakenInSomeModel() {
        return Specs.modules().stream()
                .map(module -> dynamicTest(module.name(), () -> {
                    Set<String> taken = new TreeSet<>();
                    for (SpecConfig model : Specs.modelsOf(module)) {
                        taken.addAll(verdictOn(model).actionsTaken());
                    }
                    assertThat(taken).isEqualTo(module.actions());
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyMutant_turnsExactlyItsLawRed() {
        return Specs.mutants().stream()
                .map(mutant -> dynamicTest(mutant.name() + " → " + mutant.red(), () -> assertTurnsRed(mutant)));
    }

    private static void assertHolds(SpecConfig model) throws Exception {
        ModelCheckResult verdict = verdictOn(model);
        assertThat(verdict.exit()).as(verdict.findings()).isEqualTo(ModelCheckResult.HOLDS);
        assertThat(verdict.statesLeft()).as("states left").isZero();
        assertThat(verdict.distinctStates()).as("distinct states").isEqualTo(model.distinctStates());
        Set<String> expected = new TreeSet<>(Specs.module(model.module()).actions());
        expected.removeAll(model.actionsNotTaken());
        assertThat(verdict.actionsTaken()).as("actions taken").isEqualTo(expected);
    }

    private static void assertTurnsRed(SpecConfig mutant) throws Exception {
        SpecConfig base = Specs.model(mutant.base());
        ModelCheckResult verdict = verdictOn(mutant);
        assertThat(verdict.red()).as(verdict.findings()).isEqualTo(Optional.of(mutant.red()));
        boolean invariant = base.invariants().contains(mutant.red());
        assertThat(List.of(verdict.exit()))
                .as("a violation, and not a broken check")
                .containsExactly(invariant ? ModelCheckResult.INVARIANT_VIOLATED : ModelCheckResult.PROPERTY_VIOLATED);
    }

    private static void start(SpecConfig config, Callable<ModelCheckResult> run) {
        VERDICTS.put(config.name(), RUNS.submit(run));
    }

    private static ModelCheckResult verdictOn(SpecConfig config) throws InterruptedException, ExecutionException {
        return VERDICTS.get(config.name()).get();
    }
}
