package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.testing.SettableClock;
import dev.fencepost.testing.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Clocks that jump by hours and that differ: nothing is lost or granted twice. */
class SafetyNeverDependsOnAClockTest extends LawTest {
    private static final Key<String> KEY = Key.text("counter");
    private static final int CLAIMANTS = 4;
    private static final int EACH = 100;

    /**
     * Each claimant has its own store and clock, which jumps by hours at every turn. So claims are constantly taken
     * over from live holders. Every acknowledged increment must still be there once.
     */
    @Test
    void clocksJumpingByHours_loseNothing_andGrantNothingTwice() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLAIMANTS);
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicInteger fenced = new AtomicInteger();
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < CLAIMANTS; i++) {
                int start = i;
                results.add(threads.submit(() -> countUp(start, acknowledged, fenced)));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.println("claims that jumping clocks ended: " + fenced + " of " + CLAIMANTS * EACH);
        Store store = open();
        Versioned<String> counter = store.get(KEY).orElseThrow();
        assertThat(counter.value()).isEqualTo("" + acknowledged);
        assertThat(counter.version()).isEqualTo(acknowledged.get());
        assertThat(acknowledged.get() + fenced.get()).isEqualTo(CLAIMANTS * EACH);
        assertThat(store.check().findings()).isEmpty();
    }

    private void countUp(int number, AtomicInteger acknowledged, AtomicInteger fenced) {
        SettableClock clock = new SettableClock();
        Store store = open(config().withClock(clock));
        Agent agent = store.agent("agent-" + number);
        Lease lease = Lease.withoutHeartbeats(Duration.ofMinutes(30));
        for (int turn = 0; turn < EACH; turn++) {
            Claim claim = agent.claim(KEY, lease, Duration.ofMinutes(1)).orThrow();
            String seen = store.get(KEY).map(Versioned::value).orElse("0");
            // Takes some time, so that others come in between.
            assertThat(store.history().of(KEY, 50)).hasSizeLessThanOrEqualTo(50);
            clock.advance(Duration.ofHours((number + turn) % 2 == 0 ? 3 : -3));
            try {
                claim.put(KEY, "" + (Integer.parseInt(seen) + 1));
                acknowledged.incrementAndGet();
            } catch (FencedException e) {
                fenced.incrementAndGet();
            }
            claim.close();
        }
    }

    @Test
    void clockJumpingAhead_withoutRival_endsNoClaim() {
        SettableClock clock = new SettableClock();
        Store store = open(config().withClock(clock));
        Claim claim = store.agent("a")
                .claim(KEY, Lease.withoutHeartbeats(Duration.ofMinutes(1)))
                .orThrow();
        clock.advance(Duration.ofHours(8));
        assertThat(claim.put(KEY, "1").version()).isEqualTo(1);
        assertThat(claim.renew()).isEqualTo(clock.instant().plus(Duration.ofMinutes(1)));
        clock.advance(Duration.ofHours(-20));
        assertThat(claim.put(KEY, "2").version()).isEqualTo(2);
        claim.renew();
        assertThat(store.agent("b").claim(KEY, Lease.of(Duration.ofMinutes(1)))).isInstanceOf(ClaimResult.Busy.class);
        claim.release();
    }

    @Test
    void clockJumpingBack_doesNotPreserveClaimOfDeadHolder() {
        WorkerProcess holder = worker();
        holder.ask("claim", "c", KEY.name(), "3600000", "0");
        holder.kill();
        SettableClock clock = new SettableClock();
        clock.advance(Duration.ofDays(-3650));
        Store store = open(config().withClock(clock));
        // By this clock the lease lasts for years, but the exit of the holder's process depends on no clock.
        assertThat(store.agent("heir").claim(KEY, Lease.of(Duration.ofMinutes(1))))
                .isInstanceOf(ClaimResult.Granted.class);
    }

    @Test
    void disagreeingClocks_fenceTheFormerHolder_notTheNewOne() {
        SettableClock ahead = new SettableClock();
        ahead.advance(Duration.ofHours(5));
        Store slow = open(config().withClock(new SettableClock()));
        Store fast = open(config().withClock(ahead));
        Lease lease = Lease.withoutHeartbeats(Duration.ofMinutes(1));
        Claim first = slow.agent("slow").claim(KEY, lease).orThrow();
        Claim second = fast.agent("fast").claim(KEY, lease).orThrow();
        assertThatThrownBy(() -> first.put(KEY, "late")).isInstanceOf(FencedException.class);
        assertThat(slow.agent("slow").claim(KEY, lease)).isInstanceOf(ClaimResult.Busy.class);
        assertThat(second.put(KEY, "mine").version()).isEqualTo(1);
    }

    @Test
    void wait_whileTheClockJumps_keepsItsLength() throws Exception {
        SettableClock clock = new SettableClock();
        Store store = open(config().withClock(clock));
        Claim claim = store.agent("a").claim(KEY, Lease.of(Duration.ofHours(9))).orThrow();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<ClaimResult> waiting = threads.submit(
                    () -> store.agent("b").claim(KEY, Lease.of(Duration.ofHours(9)), Duration.ofMinutes(1)));
            Agent probe = store.agent("probe");
            while (((ClaimResult.Busy) probe.claim(KEY, Lease.of(Duration.ofHours(9)))).queuedAhead() == 0) {
                Thread.onSpinWait();
            }
            // A jump back does not restart the wait. A jump ahead does not end the wait or the claim.
            clock.advance(Duration.ofHours(-5));
            clock.advance(Duration.ofHours(10));
            assertThat(claim.put(KEY, "mine").version()).isEqualTo(1);
            claim.release();
            assertThat(waiting.get()).isInstanceOf(ClaimResult.Granted.class);
        } finally {
            threads.shutdownNow();
        }
    }
}
