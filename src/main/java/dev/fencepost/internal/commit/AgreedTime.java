package dev.fencepost.internal.commit;

import dev.fencepost.StoreConfig;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.ProcessFingerprint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The time of day by which retention judges age: the earliest of all comparable clocks. So a clock that is ahead, or
 * that jumps forward, does not cause young data to be pruned. The agreed time is never later than
 *
 * <ul>
 *   <li>the clock of this process now,
 *   <li>its clock when it opened the store, plus the time that has elapsed since,
 *   <li>the clock of each other process when that process registered, plus the time that has elapsed since. Only
 *       processes of the same boot and time namespace are comparable, since they share the system's uptime. A process
 *       that closed the store counts while its last commits are younger than the age in question.
 * </ul>
 *
 * <p>After a clock was put forward, the agreed time stays behind while one of these processes runs. Then the
 * observations of this process count: a commit that it has seen is at least as old as the time that has elapsed since.
 *
 * <p>Not thread-safe: only the leader of the commit queue uses it.
 */
final class AgreedTime {
    private static final int MAX_OBSERVATIONS = 1024;

    private final InstantSource clock;
    private final LongSupplier elapsed;
    private final Optional<ProcessFingerprint> comparable;
    private final long openedAt;
    private final long elapsedWhenOpened;
    private final List<Observation> observations = new ArrayList<>();

    /** The newest commit at some time; {@code elapsed} in milliseconds. */
    private record Observation(long elapsed, long sequence) {}

    AgreedTime(StoreConfig config, ProcessFingerprint facts) {
        this(
                config.clock(),
                config.elapsedTime()
                        .<LongSupplier>map(nanos -> () -> nanos.getAsLong() / 1_000_000)
                        .orElseGet(Uptime::ofSystem),
                facts);
    }

    AgreedTime(InstantSource clock, LongSupplier elapsed, ProcessFingerprint facts) {
        this.clock = clock;
        this.elapsed = elapsed;
        boolean known = !facts.boot().isEmpty() && !facts.timeNamespace().isEmpty();
        this.comparable = known && Uptime.isShared(elapsed) ? Optional.of(facts) : Optional.empty();
        this.openedAt = clock.millis();
        this.elapsedWhenOpened = elapsed.getAsLong();
    }

    /**
     * Returns the time of day at which the system was started, by the clock of this process, in milliseconds. Other
     * processes add their uptime to it to compute the time of this clock. Empty if other processes cannot compare it.
     */
    OptionalLong origin() {
        return comparable.isPresent() ? OptionalLong.of(clock.millis() - elapsed.getAsLong()) : OptionalLong.empty();
    }

    /**
     * Returns the agreed time, in milliseconds.
     *
     * @param age the age that the caller asks about; a process that closed the store longer ago does not count
     */
    long now(Duration age, ClaimTables tables) {
        long passed = elapsed.getAsLong();
        long own = Math.min(clock.millis(), openedAt + (passed - elapsedWhenOpened));
        return comparable
                .flatMap(facts ->
                        tables.earliestClockOrigin(facts.boot(), facts.timeNamespace(), passed - age.toMillis()))
                .map(origin -> Math.min(own, origin + passed))
                .orElse(own);
    }

    /**
     * Returns the last sequence whose commit is certainly at least as old as an age; 0 if there is none.
     *
     * @param newest the sequence of the newest commit
     */
    long placeBefore(Duration age, WriteTransaction scope, long newest) {
        long observed = observed(age.toMillis(), newest);
        long byClocks = scope.time().sequenceAt(now(age, scope.claims()) - age.toMillis());
        return Math.max(observed, byClocks);
    }

    private long observed(long ageMillis, long newest) {
        long passed = elapsed.getAsLong();
        if (observations.isEmpty() || observations.get(observations.size() - 1).sequence() < newest) {
            observations.add(new Observation(passed, newest));
        }
        if (observations.size() > MAX_OBSERVATIONS) {
            // With fewer observations the result can only be an earlier sequence, which is safe.
            for (int i = observations.size() - 2; i > 0; i -= 2) {
                observations.remove(i);
            }
        }
        return observations.stream()
                .filter(seen -> passed - seen.elapsed() >= ageMillis)
                .mapToLong(Observation::sequence)
                .max()
                .orElse(0);
    }
}
