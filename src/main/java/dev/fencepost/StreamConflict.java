package dev.fencepost;

import dev.fencepost.event.EventStream;
import dev.fencepost.internal.util.Arguments;
import java.util.Optional;

/**
 * A refused append: the stream did not end at the expected event, or has one of the events with another body. Nothing
 * was written.
 *
 * @param expected the expected number of the newest event; 0 if none was expected, or if any was allowed
 * @param actual the number of the newest event, 0 if there is none; if an ID was used again, the number of the event
 *     that has it, 0 if that is another event of the same commit
 * @param reusedId the ID that was used again for another body; empty if the end of the stream is the reason
 */
public record StreamConflict<T>(EventStream<T> stream, long expected, long actual, Optional<String> reusedId)
        implements AppendResult<T>, Refusal {
    public StreamConflict {
        Arguments.required(stream, "stream");
        Arguments.required(reusedId, "reusedId");
    }

    /** Creates the conflict of a stream that did not end at the expected event. */
    public StreamConflict(EventStream<T> stream, long expected, long actual) {
        this(stream, expected, actual, Optional.empty());
    }

    /** Returns whether reading the stream again can help. It cannot if an ID was used again. */
    @Override
    public boolean retryable() {
        return reusedId.isEmpty();
    }

    @Override
    public String message() {
        if (reusedId.isEmpty()) {
            return "the stream '" + stream + "' must end with event " + expected + ", but it ends with event " + actual;
        }
        String where = actual == 0 ? "of this commit" : actual + " of the stream '" + stream + "'";
        return "the ID '" + reusedId.get() + "' is that of event " + where
                + ", which has another body; give an event with another body another ID";
    }

    @Override
    public Appended<T> orThrow() {
        throw new StreamConflictException(this);
    }
}
