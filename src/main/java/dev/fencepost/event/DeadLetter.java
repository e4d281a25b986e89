package dev.fencepost.event;

import dev.fencepost.history.Retention;
import java.time.Instant;
import java.util.Optional;

/**
 * A change that a subscription gave up after its last attempt. A dead letter has a copy of the change, so it stays
 * complete when {@link Retention} prunes the change itself.
 *
 * @param cursor the name of the cursor
 * @param id the ID of the dead letter, among those of the cursor; later changes have greater IDs
 * @param name the name of the key or stream
 * @param number the version of the key, or the number of the event
 * @param event the ID of the event; empty for a version of a key
 * @param text the value or body as text, not decoded; empty for a deletion
 * @param sequence the sequence of the change
 * @param attempts the number of attempts that failed
 * @param reason the last error
 * @param parkedAt the time of the last attempt, by the clock of the store that made it
 * @see ChangeFeed#claimDeadLetter
 */
public record DeadLetter(
        String cursor,
        long id,
        String name,
        long number,
        Optional<String> event,
        Optional<String> text,
        long sequence,
        int attempts,
        String reason,
        Instant parkedAt) {}
