package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.sql.ProcessFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as the death of a process, and what does not. */
class FactsTest {
    @TempDir
    Path proc;

    @BeforeEach
    void makeProc() throws IOException {
        Files.createDirectory(proc.resolve("self"));
        Files.createDirectory(proc.resolve("1"));
    }

    @Test
    void aProcessThatIsMissing_isGone() {
        assertThat(new Facts(proc).isGone(process("100"))).isTrue();
    }

    @Test
    void aProcessThatBeganAtAnotherTime_isGone() throws IOException {
        Path other = Files.createDirectory(proc.resolve("77"));
        Files.writeString(other.resolve("stat"), "77 (a (b) c) S" + " 0".repeat(18) + " 100 0");
        assertThat(new Facts(proc).isGone(process("100"))).isFalse();
        assertThat(new Facts(proc).isGone(process("99"))).isTrue();
    }

    @Test
    void aProcessThatCannotBeLookedAt_isNotGone() throws IOException {
        // Reading a folder fails, as reading a file does when it is forbidden or too many files are open.
        Files.createDirectories(proc.resolve("77").resolve("stat"));
        assertThat(new Facts(proc).isGone(process("100"))).isFalse();
    }

    @Test
    void aProcessWhereOthersAreHidden_isNotGone() throws IOException {
        Files.delete(proc.resolve("1"));
        assertThat(new Facts(proc).isGone(process("100"))).isFalse();
    }

    @Test
    void aProcessOfAnotherBoot_isGone_whateverItsPid() throws IOException {
        alive(77, "S");
        Files.createDirectories(proc.resolve("sys/kernel/random"));
        Files.writeString(proc.resolve("sys/kernel/random/boot_id"), " one\n");
        Facts facts = new Facts(proc);
        assertThat(facts.own().boot()).isEqualTo("one");
        assertThat(facts.isGone(new ProcessFacts(77, "100", "one", ""))).isFalse();
        assertThat(facts.isGone(new ProcessFacts(77, "100", "two", ""))).isTrue();
        // Where one of the two is not known, they are not known to differ.
        assertThat(facts.isGone(new ProcessFacts(77, "100", "", ""))).isFalse();
    }

    @Test
    void aProcessOfAnotherContainer_isNotGone_sinceItsPidCountsThere() throws IOException {
        Files.createDirectories(proc.resolve("self/ns"));
        Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[1]"));
        Facts facts = new Facts(proc);
        assertThat(facts.own().namespace()).isEqualTo("pid:[1]");
        assertThat(facts.isGone(new ProcessFacts(78, "100", "", "pid:[1]"))).isTrue();
        assertThat(facts.isGone(new ProcessFacts(78, "100", "", "pid:[2]"))).isFalse();
    }

    @Test
    void aZombieOfTheSystem_isGone() throws IOException {
        for (String state : List.of("Z", "X")) {
            alive(77, state);
            assertThat(new Facts(proc).isGone(process("100"))).isTrue();
        }
        alive(77, "T");
        assertThat(new Facts(proc).isGone(process("100"))).isFalse();
    }

    @Test
    void whenItBeganIsCompared_onlyWhereItIsKnown() throws IOException {
        alive(77, "S");
        assertThat(new Facts(proc).isGone(process(""))).isFalse();
    }

    @Test
    void itself_isNeverGone() {
        Facts facts = new Facts(proc);
        assertThat(facts.isGone(facts.own())).isFalse();
    }

    @Test
    void withoutAProcessFileSystem_itIsAskedFor() throws Exception {
        Files.delete(proc.resolve("self"));
        Facts facts = new Facts(proc);
        long self = ProcessHandle.current().pid();
        String began = ProcessHandle.current()
                .info()
                .startInstant()
                .map(Object::toString)
                .orElse("");
        assertThat(facts.own().started()).isEqualTo(began);
        assertThat(facts.isGone(new ProcessFacts(self, "", "", ""))).isFalse();
        assertThat(facts.isGone(new ProcessFacts(self, "before", "", ""))).isEqualTo(!began.isEmpty());
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        assertThat(facts.isGone(new ProcessFacts(ended.pid(), "", "", ""))).isTrue();
    }

    private void alive(long pid, String state) throws IOException {
        Path other = Files.createDirectories(proc.resolve(Long.toString(pid)));
        Files.writeString(other.resolve("stat"), pid + " (a) " + state + " 0".repeat(18) + " 100 0");
    }

    private static ProcessFacts process(String started) {
        return new ProcessFacts(77, started, "", "");
    }
}
