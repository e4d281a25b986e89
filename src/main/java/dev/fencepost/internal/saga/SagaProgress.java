package dev.fencepost.internal.saga;

import dev.fencepost.JournalEntry;
import dev.fencepost.Page;
import dev.fencepost.SagaStep;
import dev.fencepost.WorkerStep;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.SagaTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the journal of a saga comes to: a fold of its entries, as far as they have been read. For one thread. */
final class SagaProgress {
    /** Where a step stands. */
    enum Phase {
        IDLE,
        /** It was about to run; if nobody runs it now, nobody knows whether it happened. */
        STARTED,
        /** A step of the store was about to run; nothing of it is written unless it is done. */
        TRIED,
        /** Nobody knows whether it happened. */
        UNKNOWN,
        /** Its last attempt did not happen. */
        FAILED,
        /** It will not happen. */
        REFUSED,
        DONE,
        /** An operator took it for done; there is nothing to undo. */
        SKIPPED,
        UNDOING,
        UNDO_FAILED,
        UNDONE;

        boolean forwardIsOver() {
            return this == DONE || this == SKIPPED;
        }

        private boolean isUnknown() {
            return this == STARTED || this == UNKNOWN;
        }
    }

    /** What is known of one step. */
    static final class StepState {
        /** Its reports are about all attempts so far: the caller finds out before it reports. */
        private final boolean reported;

        private Phase phase = Phase.IDLE;
        private int attempt;
        private int undoAttempt;
        /** Attempts up to these were made before an operator let it try again. */
        private int forgiven;

        private int undoForgiven;
        /** Whether some attempt may have happened, whatever became of those after it. */
        private boolean inDoubt;

        private boolean doneOnce;
        private boolean begunOutside;
        private Optional<String> output = Optional.empty();
        private String undoInput = "";
        private Optional<String> error = Optional.empty();
        /** The entry by which it was done. */
        private long at;

        private StepState(boolean reported) {
            this.reported = reported;
        }

        Phase phase() {
            return phase;
        }

        /** Whether it began as a step whose effect is outside of the store. */
        boolean begunOutside() {
            return begunOutside;
        }

        boolean doneOnce() {
            return doneOnce;
        }

        int attempt() {
            return attempt;
        }

        int undoAttempt() {
            return undoAttempt;
        }

        /**
         * Whether it may have happened, and nobody knows. That its last attempt failed says nothing of an earlier one of
         * which nobody knows.
         */
        boolean inDoubt() {
            return inDoubt || phase.isUnknown();
        }

        /** Whether an attempt before the last may have happened. */
        boolean earlierInDoubt() {
            return inDoubt;
        }

        /** How many of the attempts that the policy allows have been made. */
        int attemptsUsed() {
            return attempt - forgiven;
        }

        int undoAttemptsUsed() {
            return undoAttempt - undoForgiven;
        }

        Optional<String> output() {
            return output;
        }

        String undoInput() {
            return undoInput;
        }

        /** What went wrong the last time. */
        String error() {
            return error.orElse("it failed");
        }

        private void note(JournalEntry entry, boolean compensating) {
            switch (entry.type()) {
                case STARTED -> {
                    inDoubt = inDoubt();
                    // The journal says of steps outside of the store what their compensation needs.
                    boolean inStore = entry.text().isEmpty() && !reported;
                    begunOutside |= !inStore;
                    phase = inStore ? Phase.TRIED : Phase.STARTED;
                    error = inStore ? Optional.of(CUT_SHORT) : error;
                    attempt = entry.attempt();
                    undoInput = entry.text().orElse("");
                }
                case DONE -> {
                    inDoubt = false;
                    phase = Phase.DONE;
                    doneOnce = true;
                    attempt = Math.max(attempt, entry.attempt());
                    output = entry.text();
                    at = entry.number();
                }
                case FAILED -> {
                    inDoubt &= !reported;
                    fail(Phase.FAILED, entry);
                }
                case REFUSED -> fail(Phase.REFUSED, entry);
                case UNKNOWN -> fail(Phase.UNKNOWN, entry);
                case RULED_OUT -> {
                    inDoubt = false;
                    fail(Phase.FAILED, entry);
                }
                case UNDOING, UNDO_FAILED, UNDONE -> undo(entry);
                case SKIPPED -> {
                    inDoubt = false;
                    phase = compensating ? Phase.UNDONE : Phase.SKIPPED;
                    output = compensating ? output : entry.text();
                }
                case RETRIED -> forgive();
                default -> {}
            }
        }

        private void undo(JournalEntry entry) {
            undoAttempt = Math.max(undoAttempt, entry.attempt());
            switch (entry.type()) {
                case UNDOING -> phase = Phase.UNDOING;
                case UNDONE -> phase = Phase.UNDONE;
                default -> {
                    phase = Phase.UNDO_FAILED;
                    error = entry.text();
                }
            }
        }

        private void fail(Phase how, JournalEntry entry) {
            phase = how;
            attempt = Math.max(attempt, entry.attempt());
            error = entry.text();
        }

        /** An operator lets it run again, and so takes an attempt of which nobody knows for one that did not happen. */
        private void forgive() {
            forgiven = attempt;
            undoForgiven = undoAttempt;
            inDoubt = false;
            if (phase.isUnknown() || phase == Phase.TRIED || phase == Phase.REFUSED) {
                phase = Phase.FAILED;
            }
        }
    }

    private static final String CUT_SHORT = "its process ended before the attempt did";

    private final boolean reported;
    private final Map<String, StepState> steps = new LinkedHashMap<>();
    private boolean compensating;
    private Optional<String> turned = Optional.empty();
    private Optional<String> stuck = Optional.empty();
    private Optional<String> cancelled = Optional.empty();
    private @Nullable String stuckAt;

    /** Folds the journal of a saga that runs the steps of a definition. */
    static SagaProgress of(SagaTables tables, long run) {
        return of(tables, run, false);
    }

    /**
     * Folds the journal of a saga, page by page.
     *
     * @param reported whether the saga is driven by reports, and so has no steps of the store
     */
    static SagaProgress of(SagaTables tables, long run, boolean reported) {
        SagaProgress progress = new SagaProgress(reported);
        for (long after = 0; ; ) {
            Page<JournalEntry> page = tables.entries(run, after, Long.MAX_VALUE, Bounds.page(Page.MAX_ENTRIES));
            page.forEach(progress::note);
            if (!page.more()) {
                return progress;
            }
            after = page.last().orElseThrow().number();
        }
    }

    private SagaProgress(boolean reported) {
        this.reported = reported;
    }

    /** The names of the steps that the journal tells of. */
    Set<String> begun() {
        return steps.entrySet().stream()
                .filter(step -> step.getValue().phase != Phase.IDLE)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void note(JournalEntry entry) {
        switch (entry.type()) {
            case COMPENSATING -> {
                compensating = true;
                turned = entry.text();
            }
            case CANCEL_REQUESTED -> cancelled = Optional.of(entry.text().orElse(""));
            case STUCK -> {
                stuckAt = entry.step().orElse(null);
                stuck = entry.text();
            }
            case RESOLVED -> stuck = entry.text();
            // Somebody has decided about it.
            default -> stuck = Optional.empty();
        }
        entry.step().ifPresent(step -> step(step).note(entry, compensating));
    }

    StepState step(String name) {
        return steps.computeIfAbsent(name, any -> new StepState(reported));
    }

    StepState step(SagaStep<?, ?> step) {
        return step(step.name());
    }

    boolean compensating() {
        return compensating;
    }

    /** Why it is undone, stuck or ended by hand. */
    Optional<String> reason() {
        return stuck.or(() -> turned);
    }

    /** What was said by whoever asked for its end. */
    Optional<String> cancelled() {
        return cancelled;
    }

    /** The step at which it is stuck, or was the last time. */
    Optional<String> stuckAt() {
        return Optional.ofNullable(stuckAt);
    }

    /** What the steps that are done gave. */
    Map<String, String> outputs() {
        Map<String, String> outputs = new LinkedHashMap<>();
        steps.forEach((name, step) -> {
            if (step.phase.forwardIsOver()) {
                step.output.ifPresent(output -> outputs.put(name, output));
            }
        });
        return outputs;
    }

    /**
     * What remains to be undone, in the reverse order of completion: what is done, and what may have happened where the
     * step says that it is to be undone then. The latter counts as completed last.
     */
    <I> List<SagaStep<I, ?>> toUndo(List<SagaStep<I, ?>> all) {
        List<SagaStep<I, ?>> done = new ArrayList<>();
        List<SagaStep<I, ?>> inDoubt = new ArrayList<>();
        for (SagaStep<I, ?> step : all) {
            StepState state = step(step);
            boolean remains = step.hasCompensation() && state.phase != Phase.UNDONE && state.phase != Phase.SKIPPED;
            if (remains && state.doneOnce) {
                done.add(step);
            } else if (remains && (state.inDoubt() || state.undoAttempt > 0) && step.compensatesUnknown()) {
                inDoubt.add(step);
            }
        }
        done.sort(Comparator.comparingLong(step -> step(step).at));
        done.addAll(inDoubt);
        Collections.reverse(done);
        return done;
    }

    /**
     * Steps that may have happened, or still may, of which the saga has to know more before it turns back. What is awaited
     * may still happen, also where it does not matter whether it has.
     */
    <I> List<SagaStep<I, ?>> inDoubt(List<SagaStep<I, ?>> all, Set<String> pivots) {
        return all.stream()
                .filter(step -> step(step).inDoubt())
                .filter(step -> (step instanceof WorkerStep && step(step).phase == Phase.STARTED)
                        || requiresKnownOutcome(step, pivots))
                .toList();
    }

    /** Whether the saga can only turn back when it is known whether this has happened. */
    static boolean requiresKnownOutcome(SagaStep<?, ?> step, Set<String> pivots) {
        return pivots.contains(step.name()) || (step.hasCompensation() && !step.compensatesUnknown());
    }
}
