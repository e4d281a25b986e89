package dev.fencepost.saga;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * One entry of a saga's journal.
 *
 * @param number the number of the entry in the saga, from 1
 * @param step the name of the step; empty if the entry is about the saga
 * @param attempt the number of the attempt at the step, or at its compensation; 0 where there is none
 * @param text an output, an error, a reason or a note
 * @param agent the name of the agent that wrote the entry
 * @param epoch the epoch of the claim under which the entry was written; empty if an agent without the claim began the
 *     saga or asked for its end
 */
public record JournalEntry(
        long number,
        Type type,
        Optional<String> step,
        int attempt,
        Optional<String> text,
        String agent,
        Optional<Long> epoch,
        long sequence,
        Instant at) {
    /** The type of an entry. */
    public enum Type {
        /** The saga began; the text is its input. */
        BEGUN,
        /** A step is about to run; the text is the data that its compensation needs. */
        STARTED,
        /** A step is done; the text is its output. */
        DONE,
        /** An attempt did not happen. */
        FAILED,
        /** A step will not happen, however often it is tried. */
        REFUSED,
        /** An attempt is in doubt. */
        UNKNOWN,
        /** A step's probe reports that none of its attempts so far happened, or will. */
        RULED_OUT,
        /** The saga begins to roll back. */
        COMPENSATING,
        /** The compensation of a step is about to run. */
        UNDOING,
        /** A step is compensated. */
        UNDONE,
        /** An attempt to compensate a step failed. */
        UNDO_FAILED,
        /** An agent asked for the end of the saga. */
        CANCEL_REQUESTED,
        /** The saga cannot go on without an operator. */
        STUCK,
        /** An operator retried the step. */
        RETRIED,
        /** An operator skipped the step, or its compensation. */
        SKIPPED,
        COMPLETED,
        COMPENSATED,
        /** An operator ended the saga by hand. */
        RESOLVED;

        /** Returns the word for this type in the file. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Returns the type of a word in the file. */
        public static Type of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
