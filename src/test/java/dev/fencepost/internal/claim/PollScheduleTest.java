package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollScheduleTest {
    private static PollSchedule schedule(long ahead, long first, Duration sinceQueued, Duration sinceChange) {
        return new PollSchedule(ahead, first, sinceQueued, sinceChange);
    }

    private static PollSchedule unchanged(long ahead, Duration sinceChange) {
        return schedule(ahead, ahead, Duration.ZERO, sinceChange);
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(1_000 * micros);
    }

    @Test
    void nearTheFront_meansAtMostOneAhead() {
        assertThat(unchanged(0, Duration.ZERO).isNearTheFront()).isTrue();
        assertThat(unchanged(1, Duration.ZERO).isNearTheFront()).isTrue();
        assertThat(unchanged(2, Duration.ZERO).isNearTheFront()).isFalse();
    }

    @Test
    void nearTheFront_withoutChange_pollsLessOften() {
        assertThat(unchanged(0, Duration.ZERO).untilPoll()).isEqualTo(micros(200));
        assertThat(unchanged(0, Duration.ofMillis(16)).untilPoll()).isEqualTo(Duration.ofMillis(1));
        assertThat(unchanged(1, Duration.ofMillis(16)).untilPoll()).isEqualTo(Duration.ofMillis(2));
        assertThat(unchanged(0, Duration.ofHours(1)).untilPoll()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void farBehind_pollsHalfWayToTheFront() {
        // Ten left in 100 ms, so the seven up to the front take 70 ms.
        assertThat(schedule(8, 18, Duration.ofMillis(100), Duration.ZERO).untilPoll())
                .isEqualTo(Duration.ofMillis(35));
        assertThat(schedule(8, 8, Duration.ofMillis(4), Duration.ZERO).untilPoll())
                .isEqualTo(Duration.ofMillis(14));
        assertThat(schedule(8, 18, Duration.ZERO, Duration.ZERO).untilPoll()).isEqualTo(micros(200));
        assertThat(schedule(3, 18, Duration.ofHours(1), Duration.ZERO).untilPoll())
                .isEqualTo(Duration.ofMillis(20));
        assertThat(schedule(90, 100, Duration.ofHours(1), Duration.ZERO).untilPoll())
                .isEqualTo(Duration.ofMillis(160));
    }

    @Test
    void livenessChecks_withoutChange_becomeRarer() {
        assertThat(unchanged(0, Duration.ZERO).untilLivenessCheck()).isEqualTo(Duration.ofMillis(10));
        assertThat(unchanged(0, Duration.ofMillis(320)).untilLivenessCheck()).isEqualTo(Duration.ofMillis(20));
        assertThat(unchanged(0, Duration.ofHours(1)).untilLivenessCheck()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void fullCheck_isDueWithinASecond_andSoonerFurtherBehind() {
        assertThat(unchanged(1, Duration.ZERO).untilFullCheck()).isEqualTo(Duration.ofMillis(10));
        assertThat(unchanged(1, Duration.ofHours(1)).untilFullCheck()).isEqualTo(Duration.ofSeconds(1));
        assertThat(unchanged(2, Duration.ZERO).untilFullCheck()).isEqualTo(Duration.ofMillis(30));
        assertThat(unchanged(2, Duration.ofHours(1)).untilFullCheck()).isEqualTo(Duration.ofMillis(150));
        assertThat(unchanged(90, Duration.ofHours(1)).untilFullCheck()).isEqualTo(Duration.ofMillis(850));
    }
}
