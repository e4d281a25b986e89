package dev.fencepost.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimHolder;
import dev.fencepost.internal.claim.ClaimFixture;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.ProcessFingerprint;
import dev.fencepost.internal.sql.WaiterRow;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The liveness of processes, requests and claims, from the file and the operating system, and how long it stays valid.
 */
class LivenessCheckerTest extends ClaimFixture {
    private static final ProcessFingerprint OTHER = FakeProc.process(77, "100");
    private static final long NOW = 1_000_000;
    /** The latest time that the file can store. */
    private static final long FAR = 253_402_300_799_999L;

    private static final long SILENCE = BEAT.toMillis() * LivenessChecker.MISSED_BEATS;

    private static final ClaimRow.Terms TERMS = new ClaimRow.Terms(1, 1, false);

    private LivenessChecker judged;
    private FakeProc proc;

    @BeforeEach
    void makeProc() {
        proc = new FakeProc(folder.resolve("proc"));
        proc.running(77, "100");
        judged = new LivenessChecker(proc.facts(), BEAT);
    }

    /** Runs a test in one transaction, with another process whose last heartbeat was at {@link #NOW}. */
    private void inFile(Consumer<Case> test) {
        queue.change(scope -> {
            ClaimTables tables = scope.claims();
            long process = tables.registerProcess(OTHER, NOW);
            tables.describeProcess(process, OTHER.timeNamespace(), OptionalLong.empty());
            test.accept(new Case(tables, process));
        });
    }

    private final class Case {
        private final ClaimTables tables;
        private final long process;

        Case(ClaimTables tables, long process) {
            this.tables = tables;
            this.process = process;
        }

        LivenessChecker.LivenessView at(long now) {
            return judged.at(tables, now);
        }

        WaiterRow waiter(long until) {
            WaiterRow row = new WaiterRow(
                    Long.MAX_VALUE, new ClaimHolder("a", process, 77), 1, until, "0123456789abcdef", TERMS);
            return row.with(tables.insertWaiter(row, NOW, List.of()));
        }

        ClaimRow claim(boolean heartbeats, long lease, long longestHold) {
            return new ClaimRow(
                    1,
                    "",
                    new ClaimHolder("a", process, 77),
                    1,
                    new ClaimRow.Terms(lease, longestHold, heartbeats),
                    NOW,
                    NOW,
                    NOW,
                    Optional.empty(),
                    false);
        }
    }

    private void die() {
        proc.gone(77);
    }

    @Test
    void process_withSignWithinTheLease_isLive() {
        inFile(c -> {
            assertThat(c.at(NOW + 500).shows(c.process, 500, NOW + 500)).isTrue();
            assertThat(c.at(NOW + 501).shows(c.process, 500, NOW + 501)).isFalse();
            assertThat(c.at(NOW + 501).shows(c.process, 500, NOW + 500)).isTrue();
            assertThat(c.at(NOW).shows(c.process + 1, 500, NOW)).isFalse();
        });
    }

    @Test
    void endedProcess_freshSign_isNotLive() {
        inFile(c -> {
            die();
            assertThat(c.at(NOW).shows(c.process, 500, NOW)).isFalse();
        });
    }

    /** Only the process itself records that it closed. It holds nothing then, so the mark decides nothing. */
    @Test
    void processMarkedAsClosed_freshSign_isLive() {
        inFile(c -> {
            c.tables.closeProcess(c.process, NOW);
            assertThat(c.tables.process(c.process).orElseThrow().closed()).isTrue();
            assertThat(c.at(NOW).shows(c.process, 500, NOW)).isTrue();
        });
    }

    @Test
    void request_untilItsTimeout_keepsItsPlace() {
        inFile(c -> {
            WaiterRow waiter = c.waiter(NOW + 500);
            assertThat(c.at(NOW + 500).keepsItsPlace(waiter)).isTrue();
            assertThat(c.at(NOW + 501).keepsItsPlace(waiter)).isFalse();
        });
    }

    @Test
    void request_ofProcessSilentForThreeHeartbeats_losesItsPlace() {
        inFile(c -> {
            WaiterRow waiter = c.waiter(FAR);
            assertThat(c.at(NOW + SILENCE).keepsItsPlace(waiter)).isTrue();
            assertThat(c.at(NOW + SILENCE + 1).keepsItsPlace(waiter)).isFalse();
            die();
            assertThat(c.at(NOW).keepsItsPlace(waiter)).isFalse();
        });
    }

    @Test
    void expiredRequest_leavesTheQueue_onlyByRepair() {
        inFile(c -> {
            WaiterRow waiter = c.waiter(NOW);
            assertThat(c.at(NOW + 1).keepsItsPlace(waiter)).isFalse();
            LivenessChecker.LivenessView before = c.at(NOW);
            assertThat(before.keepsItsPlace(waiter)).isTrue();
            before.repair();
            assertThat(c.tables.isQueued(waiter.ticket())).isTrue();
            LivenessChecker.LivenessView after = c.at(NOW + 1);
            assertThat(after.keepsItsPlace(waiter)).isFalse();
            assertThat(c.tables.isQueued(waiter.ticket())).isTrue();
            after.repair();
            assertThat(c.tables.isQueued(waiter.ticket())).isFalse();
        });
    }

    @Test
    void claim_endsByLease_maxHold_orDeathOfHolder() {
        inFile(c -> {
            ClaimRow carried = c.claim(true, 500, 500);
            ClaimRow alone = c.claim(false, 500, 500);
            assertThat(c.at(NOW + 499).ending(carried)).isEmpty();
            assertThat(c.at(NOW + 500).ending(c.claim(true, 500, 501))).contains(ClaimEnd.LEASE_EXPIRED);
            assertThat(c.at(NOW + 500).ending(carried)).contains(ClaimEnd.HELD_TOO_LONG);
            assertThat(c.at(NOW + 500).ending(alone)).contains(ClaimEnd.LEASE_EXPIRED);
            die();
            assertThat(c.at(NOW).ending(carried)).contains(ClaimEnd.HOLDER_DEAD);
            assertThat(c.at(NOW).ending(alone)).isEmpty();
        });
    }

    @Test
    void futureDate_showsClockPutBack_andIsRedatedByRepair() {
        inFile(c -> {
            LivenessChecker.LivenessView same = c.at(NOW);
            assertThat(same.shows(c.process, 1, NOW)).isTrue();
            same.ending(c.claim(true, 500, 500));
            assertThat(same.clockWasPutBack()).isFalse();
            LivenessChecker.LivenessView reading = c.at(NOW - 1);
            assertThat(reading.shows(c.process, 1, NOW - 1)).isTrue();
            assertThat(reading.clockWasPutBack()).isTrue();
            assertThat(c.tables.process(c.process).orElseThrow().heartbeatAt()).isEqualTo(NOW);
            LivenessChecker.LivenessView byClaim = c.at(NOW - 1);
            byClaim.ending(c.claim(false, 500, 500));
            assertThat(byClaim.clockWasPutBack()).isTrue();
            reading.repair();
            assertThat(c.tables.process(c.process).orElseThrow().heartbeatAt()).isEqualTo(NOW - 1);
        });
    }

    @Test
    void signOfLife_olderThanHalfAHeartbeat_isRenewed() {
        inFile(c -> {
            long half = BEAT.toMillis() / 2;
            judged.show(c.process, c.tables, NOW + half);
            assertThat(c.tables.process(c.process).orElseThrow().heartbeatAt()).isEqualTo(NOW);
            judged.show(c.process, c.tables, NOW + half + 1);
            assertThat(c.tables.process(c.process).orElseThrow().heartbeatAt()).isEqualTo(NOW + half + 1);
        });
    }

    @Test
    void view_isOutdatedAtTheFirstExpiry() {
        inFile(c -> {
            LivenessChecker.LivenessView moment = c.at(NOW);
            assertThat(moment.until()).isEqualTo(Long.MAX_VALUE);
            moment.keepsItsPlace(c.waiter(FAR));
            assertThat(moment.until()).isEqualTo(NOW + SILENCE + 1);
            moment.keepsItsPlace(c.waiter(NOW + 700));
            assertThat(moment.until()).isEqualTo(NOW + 701);
            moment.ending(c.claim(false, 500, 900));
            assertThat(moment.until()).isEqualTo(NOW + 500);
        });
    }

    @Test
    void view_isOutdated_onTime_onClockPutBack_andOnProcessDeath() {
        inFile(c -> {
            LivenessChecker.LivenessView view = c.at(NOW);
            assertThat(view.ending(c.claim(true, 1_000, 1_000))).isEmpty();
            assertThat(view.isOutdated(NOW - 1)).isTrue();
            assertThat(view.isOutdated(NOW)).isFalse();
            assertThat(view.isOutdated(NOW + 999)).isFalse();
            assertThat(view.isOutdated(NOW + 1_000)).isTrue();
            die();
            assertThat(view.isOutdated(NOW + 500)).isTrue();
            assertThat(c.at(NOW).isOutdated(FAR)).isFalse();
        });
    }

    @Test
    void view_watchesOnlyRelevantProcesses() {
        inFile(c -> {
            LivenessChecker.LivenessView moment = c.at(NOW);
            moment.ending(c.claim(false, 500, 500));
            assertThat(moment.living()).isEmpty();
            moment.ending(c.claim(true, 500, 500));
            assertThat(moment.living()).containsExactly(OTHER);
            // A silent process does not count, so its death changes nothing.
            LivenessChecker.LivenessView later = c.at(NOW + SILENCE + 1);
            later.keepsItsPlace(c.waiter(FAR));
            assertThat(later.living()).isEmpty();
            die();
            LivenessChecker.LivenessView dead = c.at(NOW);
            dead.ending(c.claim(true, 500, 500));
            assertThat(dead.living()).isEmpty();
        });
    }
}
