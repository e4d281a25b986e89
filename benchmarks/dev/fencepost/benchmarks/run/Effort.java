package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.run.Run.Depth;
import java.time.Duration;

/** The number of repeats and the measured time of each figure. */
record Effort(Depth depth, int repeats, Duration length) {
    static Effort of(Depth depth) {
        return switch (depth) {
            case INSTANT -> new Effort(depth, 1, Duration.ofMillis(40));
            case BRIEF -> new Effort(depth, 2, Duration.ofMillis(300));
            case WHOLE -> new Effort(depth, 3, Duration.ofSeconds(1));
        };
    }
}
