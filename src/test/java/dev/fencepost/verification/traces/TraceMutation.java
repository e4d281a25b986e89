package dev.fencepost.verification.traces;

import dev.fencepost.verification.traces.Step.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Mutations of the trace of one group of keys. If a step itself is false, the trace ends with it, so that no later step
 * can reveal it.
 */
enum TraceMutation {
    A_VERSION_SKIPPED(
            (steps, i) -> applied(steps, i) && !steps.get(i).writes().isEmpty(),
            (steps, i) -> until(
                    i,
                    steps,
                    step -> eachWrite(
                            step,
                            row -> row.withVersions(
                                    row.was().orElseThrow(), row.version().orElseThrow() + 1)))),
    A_ZOMBIE_COMMITS((steps, i) -> steps.get(i).is("commit", "fenced"), TraceMutation::applying),
    A_COMMIT_DROPPED(
            (steps, i) ->
                    applied(steps, i) && steps.get(i).writes().stream().anyMatch(row -> isFoundAfter(row, i, steps)),
            (steps, i) -> without(i, steps)),
    TWO_STEPS_SWAPPED(
            (steps, i) -> applied(steps, i) && applied(steps, i + 1) && sameKey(steps.get(i), steps.get(i + 1)),
            (steps, i) -> {
                List<Step> swapped = new ArrayList<>(steps.subList(0, i));
                swapped.add(steps.get(i + 1));
                swapped.add(steps.get(i));
                return swapped;
            }),
    AN_EPOCH_NOT_MOVED(
            (steps, i) -> steps.get(i).is("claim", "applied"),
            (steps, i) -> until(
                    i,
                    steps,
                    step -> each(step, "key", row -> row.withEpoch(row.epoch().orElseThrow() - 1)))),
    A_CONFLICT_COMMITTED((steps, i) -> steps.get(i).is("commit", "conflict"), TraceMutation::applying),
    A_CLAIM_IGNORED((steps, i) -> steps.get(i).is("commit", "claimed"), TraceMutation::applying),
    A_HELD_KEY_GRANTED((steps, i) -> steps.get(i).is("claim", "held"), (steps, i) -> {
        Step held = steps.get(i);
        Row granted = Row.of("claim", "applied", Optional.of(Long.MAX_VALUE));
        return until(
                i,
                steps,
                step -> each(
                        held.with(granted),
                        "key",
                        row -> row.withEpoch(row.epoch().orElseThrow() + 1)));
    }),
    HALF_A_COMMIT(
            (steps, i) -> applied(steps, i)
                    && steps.get(i).writes().size() > 1
                    && isFoundAfter(steps.get(i).writes().get(0), i, steps),
            (steps, i) -> {
                Row first = steps.get(i).writes().get(0);
                List<Step> changed = new ArrayList<>(steps);
                changed.set(i, steps.get(i).with(steps.get(i).parts(row -> row != first)));
                return changed;
            }),
    A_RECLAIM_UNSAID(
            (steps, i) -> !steps.get(i).ended().isEmpty(),
            (steps, i) -> until(
                    i, steps, step -> step.with(step.parts(row -> !row.what().equals("ended"))))),
    A_COMMIT_REFUSED_FOR_NOTHING(
            (steps, i) -> applied(steps, i) && !steps.get(i).writes().isEmpty(),
            (steps, i) -> until(
                    i,
                    steps,
                    step -> eachWrite(
                            step.with(step.what().judged("conflict")),
                            row -> row.withVersions(
                                    row.was().orElseThrow(), row.was().orElseThrow())))),
    A_HOLDER_FENCED(
            (steps, i) -> applied(steps, i) && !steps.get(i).claims().isEmpty(),
            (steps, i) -> until(
                    i,
                    steps,
                    step -> step.with(step.what().judged("fenced"))
                            .with(step.parts(row -> row.what().equals("under"))))),
    THE_DEAD_GO_ON(
            (steps, i) ->
                    foundDead(steps.get(i)).isPresent() && acting(i, steps).isPresent(),
            (steps, i) -> {
                long claim = foundDead(steps.get(i)).orElseThrow();
                long dead = steps.stream()
                        .filter(step ->
                                step.is("claim", "applied") && step.claims().contains(claim))
                        .findFirst()
                        .orElseThrow()
                        .process();
                Step after = acting(i, steps).orElseThrow();
                List<Step> changed = new ArrayList<>(steps.subList(0, steps.indexOf(after)));
                changed.add(new Step(after.number(), after.sequence(), dead, after.what(), after.parts()));
                return changed;
            });

    private final BiPredicate<List<Step>, Integer> fits;
    private final BiFunction<List<Step>, Integer, List<Step>> mutation;

    /**
     * Creates a mutation.
     *
     * @param fits tells whether the step at an index can be mutated
     * @param mutation returns the trace with the step at an index mutated
     */
    TraceMutation(BiPredicate<List<Step>, Integer> fits, BiFunction<List<Step>, Integer, List<Step>> mutation) {
        this.fits = fits;
        this.mutation = mutation;
    }

    /** Returns the first group that has a place for the mutation, mutated at the last such step. */
    Optional<List<Step>> in(List<List<Step>> groups) {
        return groups.stream()
                .flatMap(steps -> in(steps, steps.size()).stream())
                .findFirst();
    }

    private Optional<List<Step>> in(List<Step> steps, int before) {
        for (int i = before - 1; i >= 0; i--) {
            if (fits.test(steps, i)) {
                return Optional.of(mutation.apply(steps, i));
            }
        }
        return Optional.empty();
    }

    private static boolean applied(List<Step> steps, int i) {
        return i < steps.size() && steps.get(i).is("commit", "applied");
    }

    /** Returns the claim that ended because its holder was found dead. */
    private static Optional<Long> foundDead(Step step) {
        return step.ended().stream()
                .filter(row -> row.how().equals("holder-dead"))
                .findFirst()
                .flatMap(Row::claim);
    }

    /** Returns the next step that only a live process can make. A revocation, for example, names no process. */
    private static Optional<Step> acting(int i, List<Step> steps) {
        return steps.subList(i + 1, steps.size()).stream()
                .filter(step -> step.is("commit", "applied") || step.is("claim", "applied"))
                .findFirst();
    }

    private static boolean sameKey(Step one, Step other) {
        return one.writes().stream()
                .anyMatch(row ->
                        other.writes().stream().anyMatch(also -> also.key().equals(row.key())));
    }

    private static boolean isFoundAfter(Row row, int i, List<Step> steps) {
        return steps.subList(i + 1, steps.size()).stream()
                .filter(step -> step.is("commit", "applied"))
                .flatMap(step -> step.writes().stream())
                .anyMatch(later -> later.key().equals(row.key()));
    }

    private static List<Step> until(int i, List<Step> steps, UnaryOperator<Step> lie) {
        return Stream.concat(steps.subList(0, i).stream(), Stream.of(lie.apply(steps.get(i))))
                .toList();
    }

    /** Ends the trace with this step, as if its commit had been applied. */
    private static List<Step> applying(List<Step> steps, int i) {
        return until(i, steps, step -> eachWrite(step.with(step.what().judged("applied")), row -> next(row, i, steps)));
    }

    private static List<Step> without(int i, List<Step> steps) {
        return Stream.concat(steps.subList(0, i).stream(), steps.subList(i + 1, steps.size()).stream())
                .toList();
    }

    private static Step each(Step step, String what, UnaryOperator<Row> change) {
        return step.with(step.parts().stream()
                .map(row -> row.what().equals(what) ? change.apply(row) : row)
                .toList());
    }

    private static Step eachWrite(Step step, UnaryOperator<Row> change) {
        return step.with(step.parts().stream()
                .map(row -> row.isWrite() ? change.apply(row) : row)
                .toList());
    }

    /** Returns a write as if it had been applied to the previous state. */
    private static Row next(Row row, int i, List<Step> steps) {
        Map<String, Long> versions = new HashMap<>();
        Map<String, Long> epochs = new HashMap<>();
        for (Step step : steps.subList(0, i)) {
            for (Row known : step.keys()) {
                known.version().ifPresent(version -> versions.put(known.key().orElseThrow(), version));
                known.epoch().ifPresent(epoch -> epochs.put(known.key().orElseThrow(), epoch));
            }
        }
        String key = row.key().orElseThrow();
        long was = row.was().orElse(versions.getOrDefault(key, 0L));
        return row.withEpoch(row.epoch().orElse(epochs.getOrDefault(key, 0L))).withVersions(was, was + 1);
    }
}
