package dev.fencepost.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.sql.ProcessFingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Evidence that a process is gone, and places where it proves nothing. */
class ProcessProbeTest {
    private static final ProcessFingerprint OTHER = FakeProc.process(77, "100");

    @TempDir
    Path folder;

    private FakeProc proc;

    @BeforeEach
    void makeProc() {
        proc = new FakeProc(folder);
    }

    private boolean isGone(ProcessFingerprint other) {
        return proc.facts().isGone(other);
    }

    @Test
    void missingProcess_isGone() {
        assertThat(isGone(OTHER)).isTrue();
    }

    @Test
    void processWithAnotherStartTime_isGone() {
        proc.running(77, "100");
        assertThat(isGone(OTHER)).isFalse();
        assertThat(isGone(FakeProc.process(77, "99"))).isTrue();
    }

    @Test
    void unreadableProcess_isNotGone() throws IOException {
        // Reading a folder fails, as reading a file does without permission or with too many open files.
        Files.createDirectories(folder.resolve("77").resolve("stat"));
        assertThat(isGone(OTHER)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"77 (a) Z", "77 (a", "", "77 (a) Z 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 many 0 100"})
    void aStatInAnotherFormat_provesNothing(String stat) {
        proc.write("77/stat", stat);
        assertThat(isGone(OTHER)).isFalse();
    }

    @Test
    void itself_isNeverGone() {
        ProcessProbe facts = proc.facts();
        assertThat(facts.isGone(facts.own())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Z, 1, true", "X, 1, true", "Z, 0, true", "T, 1, false", "S, 1, false", "Z, 2, false", "X, 40, false"})
    void aZombie_isGone_unlessOtherThreadsRun(String state, int threads, boolean gone) {
        proc.inState(77, state, threads);
        assertThat(isGone(OTHER)).isEqualTo(gone);
    }

    @Test
    void anotherBoot_isNotCompared() {
        ProcessFingerprint rebooted = new ProcessFingerprint(77, "100", "boot-2", FakeProc.PIDS, FakeProc.TIME);
        ProcessFingerprint unknown = new ProcessFingerprint(77, "100", "", FakeProc.PIDS, FakeProc.TIME);
        assertThat(isGone(rebooted)).isFalse();
        assertThat(isGone(unknown)).isFalse();
        proc.delete("sys/kernel/random/boot_id");
        assertThat(proc.facts().own().boot()).isEmpty();
        assertThat(isGone(OTHER)).isFalse();
        assertThat(isGone(unknown)).isFalse();
    }

    @Test
    void anotherPidNamespace_isNotCompared() {
        assertThat(isGone(new ProcessFingerprint(77, "100", FakeProc.BOOT, "pid:[2]", FakeProc.TIME)))
                .isFalse();
        assertThat(isGone(new ProcessFingerprint(77, "100", FakeProc.BOOT, "", FakeProc.TIME)))
                .isFalse();
        proc.delete("self/ns/pid");
        assertThat(proc.facts().own().namespace()).isEqualTo(ProcFileSystem.UNKNOWN);
        // Two processes that do not know their namespaces may be in different ones.
        assertThat(isGone(new ProcessFingerprint(77, "100", FakeProc.BOOT, ProcFileSystem.UNKNOWN, "")))
                .isFalse();
    }

    @Test
    void startTimesOfAnotherTimeNamespace_areNotCompared() {
        proc.running(77, "500100");
        assertThat(isGone(OTHER)).isTrue();
        for (String time : new String[] {"time:[2]", "", ProcFileSystem.NO_TIME_NAMESPACES}) {
            assertThat(isGone(new ProcessFingerprint(77, "100", FakeProc.BOOT, FakeProc.PIDS, time)))
                    .isFalse();
        }
        proc.gone(77);
        assertThat(isGone(new ProcessFingerprint(77, "100", FakeProc.BOOT, FakeProc.PIDS, "time:[2]")))
                .as("its pid counts nevertheless")
                .isTrue();
    }

    @Test
    void startTimes_withoutTimeNamespaces_areCompared() {
        proc.delete("self/ns/time");
        proc.running(77, "200");
        assertThat(proc.facts().own().timeNamespace()).isEqualTo(ProcFileSystem.NO_TIME_NAMESPACES);
        assertThat(isGone(new ProcessFingerprint(
                        77, "100", FakeProc.BOOT, FakeProc.PIDS, ProcFileSystem.NO_TIME_NAMESPACES)))
                .isTrue();
    }

    @Test
    void anUnknownStartTime_isNotCompared() {
        proc.running(77, "100");
        assertThat(isGone(FakeProc.process(77, ""))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4711 1", "4711", ""})
    void procOfAnotherPidNamespace_provesNothing(String pids) {
        ProcessProbe facts = proc.facts();
        proc.nsPid(pids);
        assertThat(facts.isGone(OTHER)).as("absent").isFalse();
        proc.running(77, "200");
        assertThat(facts.isGone(OTHER)).as("another start time").isFalse();
        proc.inState(77, "Z", 1);
        assertThat(facts.isGone(OTHER)).as("ended").isFalse();
        proc.delete("self/status");
        assertThat(facts.isGone(OTHER)).as("no status").isFalse();
    }

    @Test
    void procOfAnotherPidNamespace_givesNoStartTime() {
        long pid = ProcessHandle.current().pid();
        proc.running(pid, "100");
        assertThat(proc.facts().own().started()).isEqualTo("100");
        proc.nsPid("4711 " + pid);
        assertThat(proc.facts().own().started()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "hidepid=invisible, false",
        "hidepid=2, false",
        "hidepid=ptraceable, false",
        "hidepid=4, false",
        "hidepid=somethingNew, false",
        "hidepid=noaccess, true",
        "hidepid=1, true",
        "hidepid=off, true",
        "relatime, true"
    })
    void absence_inProcHidingProcesses_provesNothing(String option, boolean gone) {
        ProcessProbe facts = proc.facts();
        proc.mounted("rw," + option + ",gid=0");
        assertThat(facts.isGone(OTHER)).isEqualTo(gone);
        proc.running(77, "200");
        assertThat(facts.isGone(OTHER)).as("seen with another start time").isTrue();
    }

    @Test
    void absence_withFirstProcessHidden_provesNothing() {
        proc.gone(1);
        proc.delete("1");
        assertThat(isGone(OTHER)).isFalse();
    }

    @Test
    void absence_onUnknownMount_provesNothing() {
        proc.write("self/mountinfo", "22 27 0:21 / / rw - ext4 /dev/a rw\n");
        assertThat(isGone(OTHER)).isFalse();
        proc.write("self/mountinfo", "nonsense\n");
        assertThat(isGone(OTHER)).isFalse();
        proc.delete("self/mountinfo");
        assertThat(isGone(OTHER)).isFalse();
    }

    @Test
    void unmountedProc_provesNothing() {
        ProcessProbe facts = new ProcessProbe(Optional.of(new ProcFileSystem(folder.resolve("nothing"))));
        assertThat(facts.own())
                .isEqualTo(new ProcessFingerprint(ProcessHandle.current().pid(), "", "", ProcFileSystem.UNKNOWN, ""));
        assertThat(facts.isGone(new ProcessFingerprint(77, "", "", ProcFileSystem.UNKNOWN, "")))
                .isFalse();
        assertThat(facts.isGone(new ProcessFingerprint(77, "", "", "", ""))).isFalse();
    }

    @Test
    void withoutNamespaces_theJvmIsAsked() throws Exception {
        ProcessProbe facts = new ProcessProbe(Optional.empty());
        long self = ProcessHandle.current().pid();
        String began = ProcessHandle.current()
                .info()
                .startInstant()
                .map(Object::toString)
                .orElse("");
        assertThat(facts.own()).isEqualTo(new ProcessFingerprint(self, began, "", "", ""));
        assertThat(facts.isGone(new ProcessFingerprint(self, "", "", "", ""))).isFalse();
        assertThat(facts.isGone(new ProcessFingerprint(self, "before", "", "", "")))
                .isEqualTo(!began.isEmpty());
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        assertThat(facts.isGone(new ProcessFingerprint(ended.pid(), "", "", "", "")))
                .isTrue();
        // A process on Linux with a namespace proves nothing here.
        assertThat(facts.isGone(new ProcessFingerprint(ended.pid(), "", "", FakeProc.PIDS, "")))
                .isFalse();
    }
}
