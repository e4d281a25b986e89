package dev.fencepost;

import java.time.Instant;
import java.util.Optional;

/**
 * A cursor as it stood when it was looked at.
 *
 * @param source {@code values}, {@code events} or {@code stream}
 * @param prefix what the names of the keys or streams begin with, or the one stream's name
 * @param position everything up to this place in the order of the store is done
 * @param behind how many changes of its source come after that: its lag; counted up to 10,000
 * @param overtaken whether some of those are no longer kept
 * @param consumer who consumes now; empty if nobody does
 * @param movedAt when it last moved, by the mover's clock
 */
public record CursorInfo(
        String name,
        String source,
        String prefix,
        long position,
        long behind,
        boolean overtaken,
        Optional<ClaimInfo> consumer,
        Instant movedAt) {}
