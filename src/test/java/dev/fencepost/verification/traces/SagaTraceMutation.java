package dev.fencepost.verification.traces;

import dev.fencepost.verification.traces.Step.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** Mutations of the trace of one saga; see {@link TraceMutation}. */
enum SagaTraceMutation {
    AN_INTENT_DOUBLED((steps, i) -> is(steps, i, "started"), (steps, i) -> then(i + 1, steps, steps.get(i))),
    A_STORE_STEP_DONE_TWICE((steps, i) -> is(steps, i, "done", "book"), (steps, i) -> then(i + 1, steps, steps.get(i))),
    /**
     * Only the first attempt of an external step. An earlier attempt in doubt would explain the outcome, and the first
     * run may execute a store step with or without an intent.
     */
    AN_INTENT_LEFT_OUT(
            (steps, i) -> is(steps, i, "started")
                    && steps.get(i).what().version().equals(Optional.of(1L))
                    && (is(steps, i + 1, "done", "call") || is(steps, i + 1, "done", "send"))
                    && steps.get(i + 1).what().key().equals(steps.get(i).what().key()),
            (steps, i) -> then(i, steps, steps.get(i + 1))),
    AN_OUTCOME_LEFT_OUT(
            (steps, i) -> is(steps, i, "done") && endsWith(steps, "completed"), (steps, i) -> without(i, steps)),
    A_COMPENSATION_LEFT_OUT(
            (steps, i) -> is(steps, i, "undone") && endsWith(steps, "compensated"), (steps, i) -> without(i, steps)),
    COMPENSATED_IN_ANOTHER_ORDER(
            (steps, i) -> is(steps, i, "undone", "book")
                    && steps.subList(0, i).stream().anyMatch(step -> step.is("entry", "undone")),
            (steps, i) -> {
                int turned = 0;
                while (!is(steps, turned, "compensating")) {
                    turned++;
                }
                return then(turned + 1, steps, steps.get(i));
            }),
    A_ZOMBIE_MAKES_AN_ENTRY(
            (steps, i) ->
                    steps.get(i).is("commit", "fenced") && started(i, steps).isPresent(),
            (steps, i) -> {
                Row intent = started(i, steps).orElseThrow().what();
                return then(
                        i,
                        steps,
                        steps.get(i).with(saying("done", steps.get(i).claims().get(0), intent)));
            }),
    A_HOLDER_FENCED((steps, i) -> is(steps, i, "done"), (steps, i) -> {
        Row done = steps.get(i).what();
        Row fenced = Row.of("commit", "fenced", done.claim());
        return then(i, steps, steps.get(i).with(fenced));
    }),
    A_DOUBT_GUESSED_AWAY((steps, i) -> is(steps, i, "ruled-out"), (steps, i) -> {
        Row asked = steps.get(i).what();
        return then(i, steps, steps.get(i).with(saying("failed", asked.claim().orElseThrow(), asked)));
    }),
    COMPLETED_TOO_EARLY(
            (steps, i) -> is(steps, i, "done", "note") && endsWith(steps, "completed"),
            (steps, i) -> then(i, steps, steps.get(steps.size() - 1))),
    TURNED_BACK_FOR_NOTHING(
            (steps, i) ->
                    is(steps, i, "completed") && steps.stream().noneMatch(step -> step.is("entry", "cancel-requested")),
            (steps, i) -> {
                Row completed = steps.get(i).what();
                return then(
                        i,
                        steps,
                        steps.get(i)
                                .with(saying("compensating", completed.claim().orElseThrow(), completed)));
            }),
    BEGUN_OUT_OF_TURN(
            (steps, i) -> is(steps, i, "done", "book") && is(steps, i + 1, "started"),
            (steps, i) -> then(i, steps, steps.get(i + 1)));

    private final BiPredicate<List<Step>, Integer> fits;
    private final BiFunction<List<Step>, Integer, List<Step>> mutation;

    /**
     * Creates a mutation.
     *
     * @param fits tells whether the step at an index can be mutated
     * @param mutation returns the trace with the step at an index mutated
     */
    SagaTraceMutation(BiPredicate<List<Step>, Integer> fits, BiFunction<List<Step>, Integer, List<Step>> mutation) {
        this.fits = fits;
        this.mutation = mutation;
    }

    /** Returns the first saga that has a place for the mutation, mutated. */
    Optional<List<Step>> in(List<List<Step>> sagas) {
        for (List<Step> steps : sagas) {
            for (int i = 0; i < steps.size(); i++) {
                if (fits.test(steps, i)) {
                    return Optional.of(mutation.apply(steps, i));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean is(List<Step> steps, int i, String kind) {
        return i < steps.size() && steps.get(i).is("entry", kind);
    }

    private static boolean is(List<Step> steps, int i, String kind, String of) {
        return is(steps, i, kind) && steps.get(i).what().key().equals(Optional.of(of));
    }

    private static boolean endsWith(List<Step> steps, String kind) {
        return is(steps, steps.size() - 1, kind);
    }

    /** Returns the newest intent under the claim of this step. */
    private static Optional<Step> started(int i, List<Step> steps) {
        return steps.subList(0, i).stream()
                .filter(step -> step.is("entry", "started")
                        && step.claims().equals(steps.get(i).claims()))
                .reduce((earlier, later) -> later);
    }

    private static Row saying(String kind, long claim, Row of) {
        return new Row(
                "entry",
                kind,
                Optional.of(claim),
                of.saga(),
                of.key(),
                of.epoch(),
                of.was(),
                of.version(),
                of.expects());
    }

    private static List<Step> then(int i, List<Step> steps, Step lie) {
        return Stream.concat(steps.subList(0, i).stream(), Stream.of(lie)).toList();
    }

    private static List<Step> without(int i, List<Step> steps) {
        List<Step> others = new ArrayList<>(steps);
        others.remove(i);
        return others;
    }
}
