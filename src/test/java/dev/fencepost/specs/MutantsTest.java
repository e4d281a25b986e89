package dev.fencepost.specs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The completeness of the mutants: every part of a specification has a mutant that shows that the part is needed. */
class MutantsTest {
    private static final String TYPES = "TypeOK";

    @TestFactory
    Stream<DynamicTest> everyGuard_hasAMutant() {
        return forEachModule(module ->
                assertThat(overriddenIn(module)).containsAll(module.guards()).isNotEmpty());
    }

    @TestFactory
    Stream<DynamicTest> everyFairnessConjunct_hasAMutant() {
        return forEachModule(module -> {
            assertThat(module.fairnessLines())
                    .as("each fairness is an operator of its own")
                    .hasSameSizeAs(module.fairness())
                    .allMatch(line -> line.matches("\\w+Fairness == .*"));
            assertThat(overriddenIn(module)).containsAll(module.fairness());
        });
    }

    @TestFactory
    Stream<DynamicTest> everyLaw_isBrokenByAMutant() {
        return forEachModule(module -> {
            Set<String> laws = new TreeSet<>();
            for (SpecConfig model : Specs.modelsOf(module)) {
                laws.addAll(model.invariants());
                laws.addAll(model.properties());
            }
            laws.remove(TYPES);
            Set<String> broken =
                    Specs.mutantsOf(module).stream().map(SpecConfig::red).collect(Collectors.toSet());
            assertThat(laws).isNotEmpty();
            assertThat(broken).isEqualTo(laws);
        });
    }

    @TestFactory
    Stream<DynamicTest> everyModule_hasAModel() {
        return forEachModule(module -> assertThat(Specs.modelsOf(module)).isNotEmpty());
    }

    @Test
    void readme_matchesMutantsAndModels() {
        List<String> rows =
                Specs.readme().lines().filter(line -> line.startsWith("|")).toList();
        for (SpecConfig mutant : Specs.mutants()) {
            assertThat(rows)
                    .anySatisfy(
                            row -> assertThat(cells(row)).contains(mutant.overridden(), mutant.name(), mutant.red()));
        }
        for (SpecConfig model : Specs.models()) {
            assertThat(rows)
                    .anySatisfy(row -> assertThat(cells(row))
                            .contains(model.name(), String.format(Locale.ROOT, "%,d", model.distinctStates())));
        }
    }

    private static List<String> cells(String row) {
        return Stream.of(row.split("\\|"))
                .map(cell -> cell.replace("`", "").strip())
                .toList();
    }

    private static Set<String> overriddenIn(SpecModule module) {
        return Specs.mutantsOf(module).stream().map(SpecConfig::overridden).collect(Collectors.toSet());
    }

    private static Stream<DynamicTest> forEachModule(Consumer<SpecModule> law) {
        return Specs.modules().stream().map(module -> dynamicTest(module.name(), () -> law.accept(module)));
    }
}
