package dev.fencepost.internal.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Codec;
import dev.fencepost.internal.saga.SagaPlanner.Action;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.saga.WorkerStep;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The next action of a saga, for journals and results of steps. */
class SagaPlannerTest {
    private static final long DEADLINE = 1_000;

    /** A store step, two external steps side by side, a pivot and a task. */
    private static final SagaDefinition<String> ORDER = SagaDefinition.of("order", 1, Codec.text())
            .step(StoreStep.<String>of("reserve", (transaction, context) -> "")
                    .compensatedBy((transaction, context, output) -> {}))
            .parallel(
                    external("pack"),
                    external("label").compensateIfUnknown(),
                    ExternalStep.<String>of("mail", context -> ""))
            .pivot(ExternalStep.of("charge", context -> ""))
            .step(WorkerStep.of("ship", "warehouse", context -> ""));

    /** Two tasks side by side, of which only the first needs a compensation. */
    private static final SagaDefinition<String> TASKS = SagaDefinition.of("tasks", 1, Codec.text())
            .parallel(
                    WorkerStep.<String>of("bake", "baker", context -> "").compensatedBy(context -> ""),
                    WorkerStep.of("brew", "barista", context -> ""));

    private static ExternalStep<String, String> external(String name) {
        return ExternalStep.<String>of(name, context -> "").compensatedBy((context, input, output) -> {});
    }

    /** Folds entries such as "done pack", separated by commas. The text of an entry follows a colon. */
    private static SagaProgress progress(String journal) {
        SagaProgress progress = new SagaProgress(false);
        long number = 0;
        for (String line : journal.isEmpty() ? new String[0] : journal.split(", ")) {
            String[] entry = line.split(":", 2);
            String[] words = entry[0].split(" ");
            JournalEntry.Type type = JournalEntry.Type.of(words[0]);
            Optional<String> text = Optional.of(entry.length > 1 ? entry[1] : "");
            progress.append(new JournalEntry(
                    ++number,
                    type,
                    Optional.of(words).filter(some -> some.length > 1).map(some -> some[1]),
                    1,
                    type == JournalEntry.Type.UNDOING ? Optional.empty() : text,
                    "planner",
                    Optional.of(1L),
                    number,
                    Instant.EPOCH));
        }
        return progress;
    }

    /** Reads results such as "pack stuck:lost", separated by commas. */
    private static Map<SagaStep<String, ?>, StepResult> results(SagaDefinition<String> definition, String results) {
        Map<SagaStep<String, ?>, StepResult> read = new LinkedHashMap<>();
        for (String line : results.isEmpty() ? new String[0] : results.split(", ")) {
            String[] result = line.split("[ :]", 3);
            read.put(
                    definition.steps().stream()
                            .filter(step -> step.name().equals(result[0]))
                            .findFirst()
                            .orElseThrow(),
                    new StepResult(StepResult.Kind.valueOf(result[1]), result.length > 2 ? result[2] : ""));
        }
        return read;
    }

    private static String text(Action<String> action) {
        if (action instanceof Action.Run<String> run) {
            return "run" + names(run.steps());
        } else if (action instanceof Action.RollBack<String> back) {
            return "roll back" + names(back.inDoubt()) + ": " + back.reason();
        } else if (action instanceof Action.Compensate<String> compensation) {
            return "compensate" + names(compensation.steps());
        } else if (action instanceof Action.Stop<String> stop) {
            return "stop " + stop.step().name() + ": " + stop.reason();
        }
        return action instanceof Action.Complete ? "complete" : "await reports";
    }

    private static String names(List<SagaStep<String, ?>> steps) {
        return steps.stream().map(step -> " " + step.name()).collect(Collectors.joining());
    }

    private static String next(SagaDefinition<String> definition, String journal, String results, long now) {
        SagaPlanner<String> planner = new SagaPlanner<>(definition, Optional.of(DEADLINE));
        return text(planner.next(progress(journal), results(definition, results), now));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', emptyValue = "", textBlock = """
            ""                                                                   | run reserve
            begun                                                                | run reserve
            started reserve                                                      | run reserve
            done reserve                                                         | run pack label mail
            done reserve, started pack, done label                               | run pack mail
            done reserve, failed pack, unknown label, skipped mail               | run pack label
            done reserve, done pack, done label, skipped mail                    | run charge
            done reserve, done pack, done label, done mail, done charge          | run ship
            skipped reserve, skipped pack, skipped label, skipped mail, skipped charge, done ship | complete
            """)
    void journal_ofAnOrder_determinesTheNextSteps(String journal, String expected) {
        assertThat(next(ORDER, journal, "", 0)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            cancel-requested:                                      |    0 | roll back: cancelled
            cancel-requested:ill                                   |    0 | roll back: cancelled: ill
            cancel-requested:ill, done reserve                     | 1000 | roll back: cancelled: ill
            done reserve                                           |  999 | run pack label mail
            done reserve                                           | 1000 | roll back: its deadline has passed
            cancel-requested:, started pack, unknown label, started mail, unknown charge \
                                                                   |    0 | roll back pack charge: cancelled
            cancel-requested:, started pack, failed pack           |    0 | roll back: cancelled
            cancel-requested:, unknown pack, started pack, failed pack | 0 | roll back pack: cancelled
            cancel-requested:, started pack, started pack, failed pack |  0 | roll back pack: cancelled
            cancel-requested:, unknown pack, ruled-out pack        |    0 | roll back: cancelled
            cancel-requested:, unknown pack, retried pack          |    0 | roll back: cancelled
            cancel-requested:, skipped charge                      |    0 | roll back: cancelled
            cancel-requested:, done charge                         | 1000 | run reserve
            """)
    void cancelOrDeadline_beforeThePivot_rollsBack(String journal, long now, String expected) {
        assertThat(next(ORDER, journal, "", now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            cancel-requested:, started bake, started brew | roll back bake brew: cancelled
            cancel-requested:, unknown bake, unknown brew | roll back bake: cancelled
            """)
    void openTask_isSettled_thoughItsOutcomeDoesNotMatter(String journal, String expected) {
        assertThat(next(TASKS, journal, "", 0)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            done reserve | pack DONE, label DONE                       | run pack label mail
            done reserve | pack HALTED, label GIVEN_UP:no, mail STUCK:lost | stop mail: lost
            done reserve | pack GIVEN_UP:no, label GIVEN_UP:never      | roll back: pack: no
            done reserve | pack PARKED, label GIVEN_UP:no              | roll back: label: no
            done reserve, unknown pack | label GIVEN_UP:no             | roll back pack: label: no
            done reserve | pack PARKED, label HALTED                   | await reports
            done reserve, cancel-requested: | pack PARKED, label DONE  | await reports
            done reserve, cancel-requested: | pack DONE, label GIVEN_UP:no | roll back: label: no
            done reserve, cancel-requested: | pack HALTED              | roll back: cancelled
            done charge  | ship GIVEN_UP:no                            | stop ship: no
            """)
    void resultOfAStep_determinesTheAction(String journal, String results, String expected) {
        assertThat(next(ORDER, journal, results, 0)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            compensating                                                      | compensate
            done reserve, done pack, compensating                             | compensate pack reserve
            done label, done pack, done reserve, done mail, compensating      | compensate reserve pack label
            done reserve, unknown pack, unknown label, compensating           | compensate label reserve
            done pack, started label, failed label, compensating              | compensate pack
            done pack, done label, compensating, undoing label                | compensate label pack
            done pack, done label, compensating, undo-failed label            | compensate label pack
            done pack, done label, compensating, undoing label, undone label  | compensate pack
            done pack, done label, compensating, skipped label                | compensate pack
            skipped pack, done label, compensating                            | compensate label
            unknown label, compensating, undoing label, stuck label, retried label | compensate label
            done reserve, compensating, cancel-requested:                     | compensate reserve
            """)
    void rollback_compensatesInReverseOrderOfCompletion(String journal, String expected) {
        assertThat(next(ORDER, journal, "", DEADLINE)).isEqualTo(expected);
    }
}
