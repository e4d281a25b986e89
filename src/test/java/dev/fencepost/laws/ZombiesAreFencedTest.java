package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.SqlPrompt;
import dev.fencepost.Store;
import dev.fencepost.testing.SettableClock;
import dev.fencepost.testing.WorkerProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A commit under a claim is applied only while that claim's epoch is the key's epoch. */
class ZombiesAreFencedTest extends LawTest {
    private static final Key<String> KEY = Key.text("plan");
    private static final int SCHEDULES = 1_000;

    @Test
    void randomSchedules_fenceAsTheModelDoes() {
        long seed = Long.getLong("fencepost.laws.seed", new Random().nextLong());
        System.out.println("zombie schedules: -Dfencepost.laws.seed=" + seed);
        SettableClock clock = new SettableClock();
        Store one = open(config().withClock(clock));
        Store other = open(config().withClock(clock));
        Random random = new Random(seed);
        int fenced = 0;
        for (int schedule = 0; schedule < SCHEDULES; schedule++) {
            ZombieSchedule run = new ZombieSchedule("s" + schedule, random, clock, one, other);
            try {
                run.play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", schedule " + schedule + ": " + run, e);
            }
            fenced += run.fenced();
        }
        assertThat(fenced).as("late acts of zombies that were refused").isGreaterThan(SCHEDULES);
        assertThat(one.check().findings()).isEmpty();
    }

    @Test
    void realSigstop_aWokenHolderIsRefused() {
        WorkerProcess holder = worker("heartbeat=50");
        Store store = open(config().withHeartbeat(Duration.ofMillis(50)));
        Agent heir = store.agent("heir");
        heir.put(KEY, "untouched").orThrow();
        assertThat(holder.ask("claim", "c", KEY.name(), "150", "0")).isEqualTo("granted 1");
        stop(holder);
        try (Claim taken = heir.claim(KEY, Lease.of(Duration.ofMinutes(5)), Duration.ofSeconds(60))
                .orThrow()) {
            assertThat(taken.epoch(KEY)).isGreaterThan(1);
            holder.wake();
            assertFenced(holder);
            assertThat(store.claims()).hasSize(1);
        }
        // The key is free now and its version never moved, but the woken holder is still a zombie.
        assertFenced(holder);
        assertThat(store.history().of(KEY, 10)).hasSize(1);
        assertThat(store.check()).satisfies(report -> {
            assertThat(report.findings()).isEmpty();
            assertThat(report.versions()).isEqualTo(1);
        });
    }

    private static void assertFenced(WorkerProcess holder) {
        assertThat(holder.ask("claim-put", "c", KEY.name(), "late")).isEqualTo("fenced LEASE_EXPIRED");
        assertThat(holder.ask("renew", "c")).isEqualTo("fenced LEASE_EXPIRED");
        assertThat(holder.ask("release", "c")).isEqualTo("fenced LEASE_EXPIRED");
    }

    @Test
    void releasedAndReleasedAgain_theNextHolderKeepsItsClaim() {
        Store store = open();
        Agent agent = store.agent("same");
        Lease lease = Lease.of(Duration.ofMinutes(1));
        Claim first = agent.claim(KEY, lease).orThrow();
        first.release();
        Claim second = agent.claim(KEY, lease).orThrow();
        assertThatThrownBy(first::release)
                .isInstanceOfSatisfying(
                        FencedException.class,
                        e -> assertThat(e.lost()).singleElement().satisfies(lost -> {
                            assertThat(lost.ending()).isEqualTo(ClaimEnd.RELEASED);
                            assertThat(lost.epoch()).isEqualTo(1);
                            assertThat(lost.presentEpoch()).isEqualTo(2);
                        }));
        first.close();
        assertThat(second.put(KEY, "mine").version()).isEqualTo(1);
        assertThat(store.claims()).hasSize(1);
    }

    @Test
    void oneKeyOfSeveralRevoked_allAreFenced() {
        Store store = open();
        Key<String> other = Key.text("other");
        Claim claim = store.agent("a")
                .claim(List.of(KEY, other), Lease.of(Duration.ofMinutes(1)), Duration.ZERO)
                .orThrow();
        assertThat(store.agent("operator").revoke(other)).hasSize(2);
        assertThatThrownBy(() -> claim.put(KEY, "late"))
                .isInstanceOfSatisfying(
                        FencedException.class,
                        e -> assertThat(e.lost())
                                .extracting(lost -> lost.key() + " " + lost.ending())
                                .containsExactly("other REVOKED", "plan REVOKED"));
        // A zombie may not write keys that it never claimed either.
        assertThatThrownBy(() -> claim.put(Key.text("third"), "late")).isInstanceOf(FencedException.class);
        assertThat(store.list(Prefix.text(""))).isEmpty();
    }

    @Test
    void aTokenOfAnotherStoreOrAnotherHistory_opensNothing() {
        Store store = open();
        Agent agent = store.agent("a");
        String token = agent.claim(KEY, Lease.of(Duration.ofMinutes(1)))
                .orThrow()
                .token()
                .text();
        assertThat(agent.resume(new ClaimToken(token)).put(KEY, "mine").version())
                .isEqualTo(1);
        // One digit of the store ID, and one of the random part.
        for (int place : List.of("fpc-".length(), token.length() - 1)) {
            char other = token.charAt(place) == '0' ? '1' : '0';
            String forged = token.substring(0, place) + other + token.substring(place + 1);
            assertThatThrownBy(() -> agent.resume(new ClaimToken(forged)))
                    .isInstanceOfSatisfying(
                            FencedException.class,
                            e -> assertThat(e.lost().get(0).ending()).isEqualTo(ClaimEnd.UNKNOWN));
        }
    }

    /** The schema lets no epoch change during a claim. If an epoch was changed against the schema, it still fences. */
    @Test
    void epochChangedBehindTheTriggers_fences() throws SQLException {
        Store store = open();
        Claim claim =
                store.agent("a").claim(KEY, Lease.of(Duration.ofMinutes(1))).orThrow();
        String trigger = SqlPrompt.text(store.file(), "SELECT sql FROM sqlite_schema WHERE name = 'keys_claim_check'");
        opener().atPrompt(folder, "DROP TRIGGER keys_claim_check");
        opener().atPrompt(folder, "UPDATE keys SET epoch = epoch + 1");
        opener().atPrompt(folder, trigger);
        assertThatThrownBy(() -> claim.put(KEY, "late")).isInstanceOf(FencedException.class);
        assertThatThrownBy(claim::renew).isInstanceOf(FencedException.class);
        assertThatThrownBy(claim::release).isInstanceOf(FencedException.class);
        assertThat(store.get(KEY)).isEmpty();
    }
}
