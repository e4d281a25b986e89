package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencedException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.sql.Listing;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A claim as its holder uses it: it is released once, and its end is reported once. */
class DefaultClaimTest extends ClaimFixture {
    private final AtomicInteger ends = new AtomicInteger();
    private DefaultClaim handle;

    @BeforeEach
    void hold() {
        handle = new DefaultClaim(
                "planner",
                claims.held(held(LONG, PLAN, "other").token()),
                claims.heldClaims,
                claims.losses,
                committer,
                ends::incrementAndGet);
    }

    private boolean isHeld() {
        return !claims.held("", Listing.claims().whole()).isEmpty();
    }

    @Test
    void closing_releases_andEndsItOnce() {
        handle.close();
        assertThat(isHeld()).isFalse();
        handle.close();
        assertThat(ends).hasValue(1);
        assertThatThrownBy(handle::release).isInstanceOf(FencedException.class);
        assertThat(ends).hasValue(1);
    }

    @Test
    void closingAfterARelease_doesNothing() {
        handle.release();
        assertThat(ends).hasValue(1);
        handle.close();
        assertThat(ends).hasValue(1);
    }

    @Test
    void closingALostClaim_isQuiet_andEndsIt() {
        claims.revoke("rival", Key.text(PLAN));
        handle.close();
        assertThat(ends).hasValue(1);
    }

    @Test
    void closingAfterTheStore_isQuiet() {
        claims.close();
        queue.close();
        handle.close();
        assertThat(ends).hasValue(0);
    }

    @Test
    void failedRelease_leavesItHeld_andCanBeRepeated() throws Exception {
        whileLocked(() -> assertThatThrownBy(handle::release).isInstanceOf(WriteLockTimeoutException.class));
        assertThat(isHeld()).isTrue();
        assertThat(ends).hasValue(0);
        handle.close();
        assertThat(isHeld()).isFalse();
        assertThat(ends).hasValue(1);
    }

    /** The holder has closed the claim, so heartbeats do not extend it until its maximum hold. */
    @Test
    void failedClose_isRepeatedByTheNextHeartbeat() throws Exception {
        whileLocked(() -> {
            assertThatThrownBy(handle::close).isInstanceOf(WriteLockTimeoutException.class);
            assertThatThrownBy(handle::close).isInstanceOf(WriteLockTimeoutException.class);
            claims.heartbeat.beat();
        });
        assertThat(isHeld()).isTrue();
        assertThat(ends).hasValue(0);
        claims.heartbeat.beat();
        assertThat(isHeld()).isFalse();
        assertThat(ends).hasValue(1);
        // No other release is pending, and no other claim needs the heartbeat.
        assertThat(beats(claims.heartbeat)).isFalse();
        handle.close();
    }

    @Test
    void heartbeat_releaseFails_extendsNothing() {
        DefaultClaim other = held(Lease.of(Duration.ofHours(3)), "lives");
        Heartbeat.Owed never = new Heartbeat.Owed(
                "Releasing",
                scope -> {
                    throw new WriteLockTimeoutException("busy", null);
                },
                () -> {});
        assertThat(beats(claims.heartbeat)).isTrue();
        claims.heartbeat.owe(never, new WriteLockTimeoutException("busy", null));
        assertThat(beats(claims.heartbeat)).isFalse();
        other.close();
    }

    @Test
    void abandonedClaim_waitsForNoLock() throws Exception {
        whileLocked(() -> handle.abandon());
        assertThat(isHeld()).isTrue();
        claims.heartbeat.beat();
        assertThat(isHeld()).isFalse();
    }

    @Test
    void claim_closeFailed_isReleasedWithTheStore() throws Exception {
        whileLocked(() -> assertThatThrownBy(handle::close).isInstanceOf(WriteLockTimeoutException.class));
        claims.close();
        assertThat(isHeld()).isFalse();
    }

    @Test
    void claim_reportsKeysEpochAndExpiry() {
        assertThat(handle.keys()).containsExactly("other", PLAN);
        assertThat(handle.epoch(Key.text(PLAN))).isEqualTo(1);
        assertThatThrownBy(() -> handle.epoch(Key.text("none")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("other", PLAN, "none");
        assertThat(handle).hasToString("claim on [other, plan] as planner");
        assertThat(handle.expiresAt()).isEqualTo(clock.instant().plus(LONG));
        clock.advance(Duration.ofSeconds(1));
        assertThat(handle.renew()).isEqualTo(clock.instant().plus(LONG));
        assertThat(handle.expiresAt()).isEqualTo(clock.instant().plus(LONG));
    }
}
