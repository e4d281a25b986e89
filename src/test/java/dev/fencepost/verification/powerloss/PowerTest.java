package dev.fencepost.verification.powerloss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.verification.crash.SyscallKiller;
import dev.fencepost.verification.powerloss.Power.Outcome;
import dev.fencepost.verification.powerloss.Power.Trial;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short run of simulated power losses: some images of a disk under load, and of a lying disk. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PowerTest {
    private static final int IMAGES = 6;
    private static final int OF_A_LIAR = 3;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("fencepost.seed", new Random().nextInt(1_000_000));

    private Outcome take(Disk.Way way, Trial trial, int images) throws Exception {
        List<String> missing = Disk.missing();
        assumeTrue(missing.isEmpty(), "to take the power away one needs " + String.join(", ", missing));
        assumeTrue(
                way.isPossible(),
                "an image that shares its blocks needs mkfs.xfs; the other way is tried all the same");
        System.out.println("power: -Dtest=PowerTest -Dfencepost.seed=" + seed);
        try (Disk disk = new Disk(folder, way)) {
            Outcome outcome =
                    new Power(disk, folder, JvmLauncher.quick().withOptions("-Xmx128m"), trial, seed).take(images);
            System.out.println("power: " + trial + " " + outcome.figures());
            return outcome;
        }
    }

    @ParameterizedTest
    @EnumSource
    void syncedCommits_surviveAPowerLoss(Disk.Way way) throws Exception {
        Outcome outcome = take(way, Trial.POWER_LOSS, IMAGES);
        assertThat(outcome.findings()).isEmpty();
        assertThat(outcome.images()).isEqualTo(IMAGES);
        assertThat(outcome.lost()).isZero();
        assertThat(outcome.acknowledged()).isPositive();
    }

    @Test
    void unsyncedCommits_areLostFromTheEnd_andNotTorn() throws Exception {
        Outcome outcome = take(Disk.Way.here(), Trial.PROCESS_DEATH, IMAGES);
        assertThat(outcome.findings()).isEmpty();
        assertThat(outcome.images()).isEqualTo(IMAGES);
    }

    /** Otherwise the images would not show the losses. */
    @ParameterizedTest
    @EnumSource
    void lyingDisk_losesAcknowledgedCommits(Disk.Way way) throws Exception {
        assumeTrue(SyscallKiller.possible(), "strace is not installed, and without it no disk lies");
        Outcome outcome = take(way, Trial.LYING_DISK, OF_A_LIAR);
        assertThat(outcome.losing()).isPositive();
    }
}
