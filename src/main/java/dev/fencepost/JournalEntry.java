package dev.fencepost;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * One entry of a saga's journal.
 *
 * @param number counts the entries of the saga, from 1
 * @param step the name of the step that it is about; empty if it is about the saga
 * @param attempt of the step, or of its undoing; 0 where there is none
 * @param text an output, an error, a reason or a note
 * @param agent who wrote it
 * @param epoch of the claim under which it was written; empty for who begins a saga or asks for its end
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
    /** What happened. */
    public enum Type {
        /** The saga began; the text is its input. */
        BEGUN,
        /** A step is about to run; the text is what its undoing needs to know. */
        STARTED,
        /** A step is done; the text is its output. */
        DONE,
        /** An attempt did not happen. */
        FAILED,
        /** A step will not happen, however often it is tried. */
        REFUSED,
        /** Nobody knows whether an attempt happened. */
        UNKNOWN,
        /** A step's probe says that none of its attempts so far happened, or will. */
        RULED_OUT,
        /** From here on, what was done is undone. */
        COMPENSATING,
        /** The undoing of a step is about to run. */
        UNDOING,
        /** A step is undone. */
        UNDONE,
        /** An attempt to undo a step failed. */
        UNDO_FAILED,
        /** Somebody asked for the end of the saga. */
        CANCEL_REQUESTED,
        /** It cannot go on by itself. */
        STUCK,
        /** An operator lets it try again. */
        RETRIED,
        /** An operator takes the step for done, or for undone. */
        SKIPPED,
        COMPLETED,
        COMPENSATED,
        /** An operator has ended it by hand. */
        RESOLVED;

        /** As it stands in the file. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The kind of this word. */
        public static Type of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
