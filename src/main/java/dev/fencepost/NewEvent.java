package dev.fencepost;

import java.util.UUID;

/**
 * An event that is to be appended.
 *
 * @param id its own name, 1 to 200 bytes of UTF-8 without control characters: appended twice to one stream with
 *     the same body, it is stored once, for as long as the first is kept; with another body, it is a {@link StreamConflict}
 * @param body what happened
 */
public record NewEvent<T>(String id, T body) {
    /**
     * An event with a name of its own.
     *
     * @throws InvalidInputException if the name is none
     */
    public NewEvent {
        Names.checkEvent(id);
        Arguments.required(body, "body");
    }

    /** An event that nothing but itself is the same as: each call gives another name. */
    public static <T> NewEvent<T> of(T body) {
        return new NewEvent<>(UUID.randomUUID().toString(), body);
    }
}
