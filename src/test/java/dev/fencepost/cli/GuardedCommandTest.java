package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimResult;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.testing.JvmLauncher;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Commands under a claim. Signals and lost claims end them. */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class GuardedCommandTest extends CliTest {
    /** Each process of the command appends its process ID and reports when all have done so. */
    private static final String PIDS = "echo $$ >> \"$0\"; ";

    private Path pids;

    @BeforeEach
    void open() {
        pids = folder.resolve("pids");
    }

    @AfterEach
    void endWhatWasLeft() throws IOException {
        GuardedMain.kill(pids);
    }

    /**
     * Starts a process that runs a shell script under a claim. The script's {@code $0} is the file for its process IDs.
     */
    private Process guarded(String mode, String script) throws IOException {
        List<String> command = JvmLauncher.quick()
                .command(
                        GuardedMain.class, file.toString(), pids.toString(), mode, "sh", "-c", script, pids.toString());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void assertFree() {
        try (Store store = Store.open(file)) {
            assertThat(store.claims("", 10)).extracting(ClaimInfo::key).isEmpty();
        }
    }

    @Test
    void signal_betweenGrantAndStart_startsNoCommand() throws Exception {
        Process process = guarded("hold", PIDS + "echo started");
        BufferedReader lines = process.inputReader();
        assertThat(lines.readLine()).isEqualTo("granted");
        process.toHandle().destroy();
        assertThat(lines.lines()).containsExactly("this process was asked to end", "released with 0 running");
        process.waitFor();
        assertThat(pids).doesNotExist();
        assertFree();
    }

    @Test
    void signal_endsTheWholeTree_beforeTheRelease() throws Exception {
        // One child ignores TERM, as does its own child.
        Process process = guarded(
                "run", PIDS + "sh -c 'trap \"\" TERM; " + PIDS + "echo ready; sleep 600; sleep 600' \"$0\"; wait");
        BufferedReader lines = process.inputReader();
        assertThat(lines.readLine()).isEqualTo("granted");
        assertThat(lines.readLine()).isEqualTo("ready");
        process.toHandle().destroy();
        assertThat(lines.readLine()).isEqualTo("released with 0 running");
        process.waitFor();
        assertThat(pids).content().hasLineCount(2);
        assertFree();
    }

    @Test
    @EnabledOnOs(OS.LINUX) // Elsewhere, Java does not show the environment of other processes.
    void signal_endsOrphanedChildren() throws Exception {
        Process process = guarded(
                "run",
                PIDS + "(sh -c '" + PIDS + "exec sleep 600' \"$0\" >/dev/null &); "
                        + "until [ $(wc -l < \"$0\") = 2 ]; do :; done; echo ready; exec sleep 600");
        BufferedReader lines = process.inputReader();
        assertThat(lines.readLine()).isEqualTo("granted");
        assertThat(lines.readLine()).isEqualTo("ready");
        process.toHandle().destroy();
        assertThat(lines.readLine()).isEqualTo("released with 0 running");
        process.waitFor();
        assertFree();
    }

    @Test
    void signal_afterTheFirstProcessEnded_endsTheRest() throws Exception {
        Process process = guarded(
                "run", "trap 'exit 0' TERM; sh -c 'trap \"\" TERM; " + PIDS + "echo ready; sleep 600' \"$0\" & wait");
        BufferedReader lines = process.inputReader();
        assertThat(lines.readLine()).isEqualTo("granted");
        assertThat(lines.readLine()).isEqualTo("ready");
        process.toHandle().destroy();
        assertThat(lines.readLine()).isEqualTo("released with 0 running");
        process.waitFor();
    }

    @Test
    void loss_endsTheWholeTree() throws Exception {
        Process process = start(
                "claim",
                "a",
                "--lease=1h",
                "--",
                "sh",
                "-c",
                PIDS + "sh -c '" + PIDS + "echo ready; sleep 600' \"$0\"",
                pids.toString());
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        cli.run("revoke", "a").exits(0);
        assertThat(process.waitFor()).isEqualTo(Exit.FENCED);
        assertThat(GuardedMain.running(pids)).isZero();
    }

    @Test
    void signal_whileWaitingForTheClaim_leavesTheQueue() throws Exception {
        String token = cli.run("claim", "a", "--lease", "1h").exits(0).out().strip();
        Process process = start("claim", "a", "--wait=1h", "--", "sh", "-c", PIDS, pids.toString());
        try (Store store = Store.open(file)) {
            while (store.agent("probe").claim(Key.text("a"), Lease.withoutHeartbeats(Duration.ofHours(1)))
                            instanceof ClaimResult.Busy busy
                    && busy.queuedAhead() == 0) {
                Thread.onSpinWait();
            }
            process.toHandle().destroy();
            process.waitFor();
            cli.run("release", token).exits(0);
            cli.run("put", "a", "free").exits(0);
        }
        assertThat(pids).doesNotExist();
    }

    @Test
    void signal_atTheGrant_leavesNoCommandBehind() throws Exception {
        try (Store store = Store.open(file)) {
            for (int round = 0; round < 3; round++) {
                Process process =
                        start("claim", "a", "--lease=1h", "--", "sh", "-c", PIDS + "exec sleep 600", pids.toString());
                while (store.claims("", 1).isEmpty()) {
                    Thread.onSpinWait();
                }
                process.toHandle().destroy();
                process.waitFor();
                assertThat(store.claims("", 1)).isEmpty();
                assertThat(GuardedMain.running(pids)).isZero();
            }
        }
    }

    private Process start(String... args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Cli.process(args));
        builder.environment().put("FENCEPOST_STORE", file.toString());
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
