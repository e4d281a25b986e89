package dev.fencepost.event;

import dev.fencepost.InvalidInputException;
import dev.fencepost.StreamConflict;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;
import java.util.UUID;

/**
 * An event to append.
 *
 * @param id the ID of the event, 1 to 200 bytes of UTF-8 without control characters. An event with the same ID and body
 *     in the same stream is stored once, for as long as the first is kept. With another body, it is a
 *     {@link StreamConflict}
 * @param body the content of the event
 */
public record NewEvent<T>(String id, T body) {
    /**
     * Creates an event with an ID.
     *
     * @throws InvalidInputException if the ID is empty, too long, not well-formed, or has control characters
     */
    public NewEvent {
        Names.checkEvent(id);
        Arguments.required(body, "body");
    }

    /** Creates an event with a random ID, so it is never deduplicated. */
    public static <T> NewEvent<T> of(T body) {
        return new NewEvent<>(UUID.randomUUID().toString(), body);
    }
}
