package dev.fencepost.verification.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.Signals;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short torture run: two rounds on one store. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TortureTest {
    private static final int LIVES = 8;
    private static final int WIDTH = 3;

    @TempDir
    Path folder;

    @Test
    void crashingProcesses_keepAcknowledgedCommits_andNoRefusedOnes() throws Exception {
        assumeTrue(Signals.areSeenAtOnce(), "needs /proc to see a process stopped");
        long seed = Long.getLong("fencepost.seed", new Random().nextInt(1_000_000));
        System.out.println("torture: -Dtest=TortureTest -Dfencepost.seed=" + seed);
        Torture first = new Torture(folder, seed, WIDTH, JvmLauncher.quick().withOptions("-Xmx128m"));
        assertThat(first.round(LIVES, 1)).isEmpty();
        // A new instance continues from the stored state.
        Torture second = new Torture(folder, seed, WIDTH, JvmLauncher.quick().withOptions("-Xmx128m"));
        List<String> findings = second.round(LIVES, 1);
        System.out.println("torture: " + second.tally().all());
        assertThat(findings).isEmpty();
        assertThat(second.tally().get("rounds")).isEqualTo(2);
        assertThat(second.tally().get("kills")).isGreaterThan(LIVES);
        assertThat(second.tally().get("zombies-refused")).isPositive();
        assertThat(second.tally().all().get("acknowledged")).isGreaterThan(2 * LIVES);
        assertThat(second.tally().get(KillSchedule.STILLBORN)).isZero();
    }
}
