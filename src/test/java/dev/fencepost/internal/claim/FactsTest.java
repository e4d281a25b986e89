package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.sql.ProcessFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static ProcessFacts process(String started) {
        return new ProcessFacts(77, started, "", "");
    }
}
