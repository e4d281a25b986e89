package dev.fencepost.internal.saga;

import dev.fencepost.Page;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaStep;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The state of a saga, folded from its journal. Not thread-safe. */
final class SagaProgress {
    /** The phase of a step, after its latest entry. */
    enum Phase {
        IDLE,
        /** About to run outside the store. In doubt unless a coordinator or a worker still runs it. */
        STARTED,
        /** A store step that was about to run. If it is not done, nothing of it was written. */
        TRIED,
        /** In doubt: an attempt ended with an unknown outcome. */
        UNKNOWN,
        /** Failed: the last attempt did not happen. */
        FAILED,
        /** Refused: the step will not happen, however often it is tried. */
        REFUSED,
        DONE,
        /** Skipped by an operator: counts as done, and is not compensated. */
        SKIPPED,
        COMPENSATING,
        COMPENSATION_FAILED,
        COMPENSATED;

        boolean isDoneOrSkipped() {
            return this == DONE || this == SKIPPED;
        }

        private boolean isUnknown() {
            return this == STARTED || this == UNKNOWN;
        }
    }

    /** The state of one step. */
    static final class StepState {
        /**
         * True in a manual saga. A failure report there covers all attempts so far, because the holder finds out their
         * results before it reports.
         */
        private final boolean isManual;

        private Phase phase = Phase.IDLE;
        private int attempt;
        private int compensationAttempt;
        /** The number of attempts before the last retry by an operator. They do not count against the retry policy. */
        private int attemptsReset;

        private int compensationAttemptsReset;
        /** True if an attempt before the last may have happened, even if later attempts failed. */
        private boolean inDoubt;

        private boolean doneOnce;
        private boolean startedOutside;
        private Optional<String> output = Optional.empty();
        private String compensationInput = "";
        private Optional<String> error = Optional.empty();
        private long doneAt;

        private StepState(boolean reported) {
            this.isManual = reported;
        }

        Phase phase() {
            return phase;
        }

        /** Returns whether the step began as one whose effect is outside the store. */
        boolean startedOutside() {
            return startedOutside;
        }

        boolean doneOnce() {
            return doneOnce;
        }

        /** Returns the number of the entry that recorded the step as done. It gives the order of completion. */
        long doneAt() {
            return doneAt;
        }

        int attempt() {
            return attempt;
        }

        int compensationAttempt() {
            return compensationAttempt;
        }

        /**
         * Returns whether the step is in doubt. A failure of the last attempt does not resolve an earlier attempt that
         * is in doubt.
         */
        boolean inDoubt() {
            return inDoubt || phase.isUnknown();
        }

        /** Returns whether an attempt before the last is in doubt. */
        boolean earlierInDoubt() {
            return inDoubt;
        }

        /** Returns the number of attempts that count against the retry policy. */
        int attemptsUsed() {
            return attempt - attemptsReset;
        }

        int compensationAttemptsUsed() {
            return compensationAttempt - compensationAttemptsReset;
        }

        Optional<String> output() {
            return output;
        }

        String compensationInput() {
            return compensationInput;
        }

        /** Returns the message of the last failure. */
        String error() {
            return error.orElse("it failed");
        }

        private void append(JournalEntry entry, boolean compensating) {
            switch (entry.type()) {
                case STARTED -> {
                    inDoubt = inDoubt();
                    // Only a start outside the store has a text. A manual saga has no store steps.
                    boolean inStore = entry.text().isEmpty() && !isManual;
                    startedOutside |= !inStore;
                    phase = inStore ? Phase.TRIED : Phase.STARTED;
                    error = inStore ? Optional.of(CUT_SHORT) : error;
                    attempt = entry.attempt();
                    compensationInput = entry.text().orElse("");
                }
                case DONE -> {
                    inDoubt = false;
                    phase = Phase.DONE;
                    doneOnce = true;
                    attempt = Math.max(attempt, entry.attempt());
                    output = entry.text();
                    doneAt = entry.number();
                }
                case FAILED -> {
                    inDoubt &= !isManual;
                    fail(Phase.FAILED, entry);
                }
                case REFUSED -> fail(Phase.REFUSED, entry);
                case UNKNOWN -> fail(Phase.UNKNOWN, entry);
                case RULED_OUT -> {
                    inDoubt = false;
                    fail(Phase.FAILED, entry);
                }
                case UNDOING, UNDO_FAILED, UNDONE -> appendCompensation(entry);
                case SKIPPED -> {
                    inDoubt = false;
                    phase = compensating ? Phase.COMPENSATED : Phase.SKIPPED;
                    output = compensating ? output : entry.text();
                }
                case RETRIED -> resetAttempts();
                default -> {}
            }
        }

        private void appendCompensation(JournalEntry entry) {
            compensationAttempt = Math.max(compensationAttempt, entry.attempt());
            switch (entry.type()) {
                case UNDOING -> phase = Phase.COMPENSATING;
                case UNDONE -> phase = Phase.COMPENSATED;
                default -> {
                    phase = Phase.COMPENSATION_FAILED;
                    error = entry.text();
                }
            }
        }

        private void fail(Phase how, JournalEntry entry) {
            phase = how;
            attempt = Math.max(attempt, entry.attempt());
            error = entry.text();
        }

        /**
         * Applies a retry by an operator. The operator asserts that no attempt so far happened, so the step is no
         * longer in doubt. Attempts count from zero again.
         */
        private void resetAttempts() {
            attemptsReset = attempt;
            compensationAttemptsReset = compensationAttempt;
            inDoubt = false;
            if (phase.isUnknown() || phase == Phase.TRIED || phase == Phase.REFUSED) {
                phase = Phase.FAILED;
            }
        }
    }

    private static final String CUT_SHORT = "its process ended before the attempt did";

    private final boolean isManual;
    private final Map<String, StepState> steps = new LinkedHashMap<>();
    /** The state of every step that has no entry. */
    private final StepState idle;

    private boolean compensating;
    private Optional<String> rollbackReason = Optional.empty();
    private Optional<String> stuck = Optional.empty();
    private Optional<String> cancelled = Optional.empty();
    private @Nullable String stuckAt;
    /** The number of the last entry that was folded; 0 before the first. */
    private long lastEntry;

    /** Folds the journal of a saga. */
    static SagaProgress of(SagaTables tables, long run) {
        SagaProgress progress = new SagaProgress(false);
        progress.update(tables, run);
        return progress;
    }

    /**
     * Creates the state before the first entry.
     *
     * @param reported whether the saga is manual, and so has no store steps
     */
    SagaProgress(boolean reported) {
        this.isManual = reported;
        this.idle = new StepState(reported);
    }

    /**
     * Folds the entries that were appended since the last update, page by page. The state is then the same as if the
     * whole journal was folded, because entries never change.
     */
    void update(SagaTables tables, long run) {
        Page<JournalEntry> page;
        do {
            page = tables.entries(run, lastEntry, Long.MAX_VALUE, Bounds.page(Page.MAX_ENTRIES));
            page.forEach(this::append);
        } while (page.more());
    }

    /** Returns the number of the last entry that was folded. */
    long lastEntry() {
        return lastEntry;
    }

    /** Returns the names of the steps that are no longer idle, in the order of their first entries. */
    Set<String> begun() {
        return steps.entrySet().stream()
                .filter(step -> step.getValue().phase != Phase.IDLE)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Folds one entry, which must be the next of the journal. */
    void append(JournalEntry entry) {
        switch (entry.type()) {
            case COMPENSATING -> {
                compensating = true;
                rollbackReason = entry.text();
            }
            case CANCEL_REQUESTED -> cancelled = Optional.of(entry.text().orElse(""));
            case STUCK -> {
                stuckAt = entry.step().orElse(null);
                stuck = entry.text();
            }
            case RESOLVED -> stuck = entry.text();
            // A later entry means that an operator has decided. A cancellation, above, does not unblock a saga.
            default -> stuck = Optional.empty();
        }
        entry.step()
                .ifPresent(step -> steps.computeIfAbsent(step, any -> new StepState(isManual))
                        .append(entry, compensating));
        lastEntry = entry.number();
    }

    StepState step(String name) {
        return steps.getOrDefault(name, idle);
    }

    StepState step(SagaStep<?, ?> step) {
        return step(step.name());
    }

    boolean compensating() {
        return compensating;
    }

    /** Returns why the saga is stuck, rolls back or was ended by hand; empty if it is none of these. */
    Optional<String> reason() {
        return stuck.or(() -> rollbackReason);
    }

    /** Returns the note of the request to cancel the saga; empty if there is none. */
    Optional<String> cancelled() {
        return cancelled;
    }

    /** Returns the step at which the saga is stuck, or was stuck last. */
    Optional<String> stuckAt() {
        return Optional.ofNullable(stuckAt);
    }

    /** Returns the outputs of the steps that are done, by the names of the steps. */
    Map<String, String> outputs() {
        Map<String, String> outputs = new LinkedHashMap<>();
        steps.forEach((name, step) -> {
            if (step.phase.isDoneOrSkipped()) {
                step.output.ifPresent(output -> outputs.put(name, output));
            }
        });
        return outputs;
    }
}
