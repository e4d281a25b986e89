package dev.fencepost.proof.trace;

import dev.fencepost.proof.trace.Step.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** Mutations of the trace of one saga; see {@link TraceMutation}. */
enum SagaTraceMutation {
    AN_INTENT_DOUBLED((steps, i) -> is(steps, i, "started")) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            return then(i + 1, steps, steps.get(i));
        }
    },
    A_STORE_STEP_DONE_TWICE((steps, i) -> is(steps, i, "done", "book")) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            return then(i + 1, steps, steps.get(i));
        }
    },
    /**
     * Only the first attempt of an external step. An earlier attempt in doubt would explain the outcome, and the first
     * run may execute a store step with or without an intent.
     */
    AN_INTENT_LEFT_OUT((steps, i) -> is(steps, i, "started")
            && steps.get(i).what().version().equals(Optional.of(1L))
            && (is(steps, i + 1, "done", "call") || is(steps, i + 1, "done", "send"))
            && steps.get(i + 1).what().key().equals(steps.get(i).what().key())) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            return then(i, steps, steps.get(i + 1));
        }
    },
    AN_OUTCOME_LEFT_OUT((steps, i) -> is(steps, i, "done") && endsWith(steps, "completed")) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            return without(i, steps);
        }
    },
    A_COMPENSATION_LEFT_OUT((steps, i) -> is(steps, i, "undone") && endsWith(steps, "compensated")) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            return without(i, steps);
        }
    },
    COMPENSATED_IN_ANOTHER_ORDER((steps, i) -> is(steps, i, "undone", "book")
            && steps.subList(0, i).stream().anyMatch(step -> step.is("entry", "undone"))) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            int turned = 0;
            while (!is(steps, turned, "compensating")) {
                turned++;
            }
            return then(turned + 1, steps, steps.get(i));
        }
    },
    A_ZOMBIE_MAKES_AN_ENTRY((steps, i) ->
            steps.get(i).is("commit", "fenced") && started(i, steps).isPresent()) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            Row intent = started(i, steps).orElseThrow().what();
            return then(
                    i,
                    steps,
                    steps.get(i).with(saying("done", steps.get(i).claims().get(0), intent)));
        }
    },
    A_HOLDER_FENCED((steps, i) -> is(steps, i, "done")) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            Row done = steps.get(i).what();
            Row fenced = new Row(
                    "commit",
                    "fenced",
                    done.claim(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            return then(i, steps, steps.get(i).with(fenced));
        }
    },
    A_DOUBT_GUESSED_AWAY((steps, i) -> is(steps, i, "ruled-out")) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            Row asked = steps.get(i).what();
            return then(
                    i, steps, steps.get(i).with(saying("failed", asked.claim().orElseThrow(), asked)));
        }
    },
    COMPLETED_TOO_EARLY((steps, i) -> is(steps, i, "done", "note") && endsWith(steps, "completed")) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            return then(i, steps, steps.get(steps.size() - 1));
        }
    },
    TURNED_BACK_FOR_NOTHING((steps, i) ->
            is(steps, i, "completed") && steps.stream().noneMatch(step -> step.is("entry", "cancel-requested"))) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            Row completed = steps.get(i).what();
            return then(
                    i,
                    steps,
                    steps.get(i).with(saying("compensating", completed.claim().orElseThrow(), completed)));
        }
    },
    BEGUN_OUT_OF_TURN((steps, i) -> is(steps, i, "done", "book") && is(steps, i + 1, "started")) {
        @Override
        List<Step> at(int i, List<Step> steps) {
            return then(i, steps, steps.get(i + 1));
        }
    };

    private final BiPredicate<List<Step>, Integer> fits;

    SagaTraceMutation(BiPredicate<List<Step>, Integer> fits) {
        this.fits = fits;
    }

    /** Returns the trace with the step at this index mutated. */
    abstract List<Step> at(int i, List<Step> steps);

    /** Returns the first saga that has a place for the mutation, mutated. */
    Optional<List<Step>> in(List<List<Step>> sagas) {
        for (List<Step> steps : sagas) {
            for (int i = 0; i < steps.size(); i++) {
                if (fits.test(steps, i)) {
                    return Optional.of(at(i, steps));
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
