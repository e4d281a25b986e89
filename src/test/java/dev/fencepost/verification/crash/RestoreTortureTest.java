package dev.fencepost.verification.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.Signals;
import dev.fencepost.verification.crash.Restoring.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Restores under load: writing processes are killed, stopped and continued while their store is replaced. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RestoreTortureTest {
    private static final int WIDTH = 2;

    @TempDir
    Path folder;

    @Test
    void restoredStore_underLoad_keepsExactlyTheBackup() throws Exception {
        assumeTrue(Signals.areSeenAtOnce(), "needs /proc to see a process stopped");
        long seed = Long.getLong("fencepost.seed", new Random().nextInt(1_000_000));
        System.out.println("restores: -Dtest=RestoreTortureTest -Dfencepost.seed=" + seed);
        Torture torture = new Torture(folder, seed, WIDTH, JvmLauncher.quick().withOptions("-Xmx128m"));
        List<String> findings = torture.round(
                0, 0, List.of(Kind.RESTORE, Kind.ADOPT, Kind.TRUNCATE_LOG, Kind.OVERWRITE, Kind.KILLED_RESTORE));
        System.out.println("restores: " + torture.tally().all());
        assertThat(findings).isEmpty();
        assertThat(torture.tally().get("replacements")).isEqualTo(5);
        assertThat(torture.tally().get("restores-refused-while-open")).isEqualTo(5);
        assertThat(torture.tally().get("lost-zombies-refused")).isPositive();
        assertThat(torture.tally().get("lost-references-refused")).isPositive();
        assertThat(torture.tally().get(KillSchedule.STILLBORN)).isZero();
    }
}
