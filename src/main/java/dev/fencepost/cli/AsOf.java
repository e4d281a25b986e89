package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;

/**
 * The result of a read.
 *
 * @param sequence the sequence as of which it was read; empty for the present
 */
record AsOf<R>(OptionalLong sequence, R found) {
    /** Returns the result of a read of the present. */
    static <R> AsOf<R> now(R found) {
        return new AsOf<>(OptionalLong.empty(), found);
    }

    /** Adds the sequence to an object, and returns it. */
    ObjectNode in(ObjectNode json) {
        sequence.ifPresent(place -> json.put("asOf", place));
        return json;
    }
}
