package dev.fencepost.event;

import dev.fencepost.ClaimInfo;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of a cursor at one moment.
 *
 * @param source {@code values}, {@code events} or {@code stream}
 * @param prefix the prefix of the names of the keys or streams, or the name of the one stream
 * @param position the sequence up to which every change is done
 * @param behind the lag: the number of changes of the source after the position, counted up to 10,000
 * @param overtaken whether some of those changes have been pruned
 * @param consumer the claim of the current consumer; empty if there is none
 * @param movedAt the time when the cursor last moved, by the mover's clock
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
