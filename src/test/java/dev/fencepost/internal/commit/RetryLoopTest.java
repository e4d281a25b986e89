package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.ReadConflict;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.RetryPolicy;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.commit.RetryLoop.Attempt;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The attempts of a retried function, and when it takes the writer's turn before its next attempt. */
class RetryLoopTest {
    private static final RetryPolicy THRICE =
            new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMinutes(1));

    private final List<String> story = new ArrayList<>();
    private boolean turn;
    private boolean turnsAreHad = true;

    private final CommitQueue queue = new CommitQueue(new StubBatchExecutor() {
        @Override
        public void takeTurn() {
            story.add("take");
            turn = turnsAreHad;
        }

        @Override
        public boolean hasTurn() {
            return turn;
        }

        @Override
        public void leaveTurn() {
            story.add("leave");
            turn = false;
        }
    });

    @AfterEach
    void close() {
        queue.close();
    }

    private static Attempt<String> again(int attempt) {
        return new Attempt.Again<>(List.of(new ReadConflict("k", attempt, "k", attempt, "b")), false);
    }

    /**
     * Returns a function that is refused so many times before it succeeds. The loop measures no time, unless it is
     * slow.
     */
    private Function<RetryLoop.FunctionTiming, Attempt<String>> refused(int times, boolean quick) {
        int[] made = new int[1];
        return thinking -> {
            story.add("try");
            thinking.time(() -> quick || spend());
            made[0]++;
            return made[0] <= times ? again(made[0]) : new Attempt.Done<>("done " + made[0]);
        };
    }

    /** Spends more time than others may have to wait. */
    private static boolean spend() {
        Deadline pause = Deadline.after(Duration.ofMillis(20));
        while (!pause.over()) {
            Thread.onSpinWait();
        }
        return true;
    }

    @Test
    void refusedFunction_isRetriedUntilSuccess() {
        assertThat(RetryLoop.run(THRICE, queue, new Object() {}, refused(2, false)))
                .isEqualTo("done 3");
        assertThat(story).containsExactly("try", "try", "try");
    }

    @Test
    void maxAttempts_exhausted_throwsWithTheLastReasons() {
        assertThatThrownBy(() -> RetryLoop.run(THRICE, queue, new Object() {}, refused(3, false)))
                .isInstanceOfSatisfying(RetriesExhaustedException.class, e -> {
                    assertThat(e.attempts()).isEqualTo(3);
                    assertThat(e.last()).hasSize(1);
                    assertThat(((ReadConflict) e.last().get(0)).changedAt()).isEqualTo(3);
                });
        assertThat(story).containsExactly("try", "try", "try");
    }

    @Test
    void nextInOrder_isRetriedAtOnce() {
        RetryPolicy patient = new RetryPolicy(3, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofHours(1));
        List<ReadConflict> conflicts = List.of(new ReadConflict("k", 1, "k", 1, "b"));
        int[] made = new int[1];
        Thread.currentThread().interrupt();
        String result = RetryLoop.run(
                patient,
                queue,
                new Object() {},
                thinking -> ++made[0] < 3
                        ? new Attempt.Again<>(List.copyOf(conflicts), true)
                        : new Attempt.Done<>("done " + made[0]));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(result).isEqualTo("done 3");
    }

    @Test
    void outdatedAttempt_doesNotCount() {
        int[] made = new int[1];
        RetryPolicy once = new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        String result = RetryLoop.run(
                once,
                queue,
                new Object() {},
                thinking -> ++made[0] < 3 ? new Attempt.Outdated<>() : new Attempt.Done<>("done " + made[0]));
        assertThat(result).isEqualTo("done 3");
    }

    @Test
    void maxDuration_elapsed_stopsRetrying() {
        RetryPolicy brief = new RetryPolicy(1_000_000, Duration.ZERO, Duration.ZERO, Duration.ofMillis(50));
        assertThatThrownBy(() -> RetryLoop.run(brief, queue, new Object() {}, refused(1_000_000, false)))
                .isInstanceOfSatisfying(
                        RetriesExhaustedException.class,
                        e -> assertThat(e.attempts()).isBetween(2, 4));
    }

    @Test
    void fastFunction_takesTheTurnBeforeReading_andKeepsIt() {
        Object function = new Object() {};
        while (!wasQuickThrice(function)) {
            story.clear();
        }
        story.clear();
        assertThat(RetryLoop.run(THRICE, queue, function, refused(0, true))).isEqualTo("done 1");
        assertThat(story).containsExactly("take", "try", "leave");
        assertThat(turn).isFalse();
    }

    /** Returns false if the thread lost the processor meanwhile. */
    private boolean wasQuickThrice(Object function) {
        RetryLoop.run(THRICE, queue, function, refused(2, true));
        return story.equals(List.of("try", "take", "try", "take", "try", "leave"));
    }

    @Test
    void slowFunction_leavesTheTurn_andTakesNoneNextTime() {
        Object function = new Object() {};
        RetryLoop.run(THRICE, queue, function, refused(1, true));
        story.clear();
        turn = false;
        RetryLoop.run(THRICE, queue, function, refused(0, false));
        RetryLoop.run(THRICE, queue, function, refused(0, false));
        assertThat(story).endsWith("try", "leave", "try");
    }

    @Test
    void throwingAttempt_leavesTheTurn() {
        turn = true;
        assertThatThrownBy(() -> RetryLoop.run(THRICE, queue, new Object() {}, thinking -> {
                    throw new IllegalStateException("mine");
                }))
                .hasMessage("mine");
        assertThat(story).containsExactly("leave");
    }

    /** An interrupted thread does not sleep at all, so the test takes no time. */
    private Function<RetryLoop.FunctionTiming, Attempt<String>> refusedOnceAndInterrupted() {
        Function<RetryLoop.FunctionTiming, Attempt<String>> once = refused(1, true);
        return thinking -> {
            Attempt<String> attempt = once.apply(thinking);
            if (attempt instanceof Attempt.Again) {
                Thread.currentThread().interrupt();
            }
            return attempt;
        };
    }

    private boolean waits(Object function) {
        RetryPolicy patient = new RetryPolicy(3, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofHours(1));
        try {
            assertThat(RetryLoop.run(patient, queue, function, refusedOnceAndInterrupted()))
                    .isEqualTo("done 2");
            return false;
        } catch (WaitInterruptedException e) {
            return true;
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void retry_withoutTurn_backsOff() {
        turnsAreHad = false;
        Object function = new Object() {};
        for (int i = 0; i < 10; i++) {
            assertThat(waits(function)).isTrue();
        }
        assertThat(story).contains("take");
    }

    @Test
    void retry_withTurnAndFastFunction_isImmediate() {
        Object function = new Object() {};
        int waited = 0;
        // The thread may lose the processor meanwhile, and then it was not fast.
        while (waits(function)) {
            waited++;
            assertThat(waited).isLessThan(100);
        }
        assertThat(story).endsWith("take", "try", "take", "try", "leave");
    }

    @Test
    void retry_withTurnAndSlowFunction_backsOff() {
        turn = true;
        assertThatThrownBy(() -> RetryLoop.run(
                        new RetryPolicy(3, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofHours(1)),
                        queue,
                        new Object() {},
                        thinking -> {
                            Thread.currentThread().interrupt();
                            return again(1);
                        }))
                .isInstanceOf(WaitInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
