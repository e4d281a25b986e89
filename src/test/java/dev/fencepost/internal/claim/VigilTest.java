package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.sql.ProcessFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes it worth while to look at the queue again. */
class VigilTest {
    @TempDir
    Path proc;

    @Test
    void aTimeThatComes_aClockPutBack_orAProcessThatDies() throws IOException {
        Files.createDirectories(proc.resolve("1"));
        Path other = Files.createDirectories(proc.resolve("77"));
        Files.writeString(other.resolve("stat"), "77 (a) S" + " 0".repeat(18) + " 100 0");
        Vigil vigil = new Vigil(new Facts(proc), List.of(new ProcessFacts(77, "100", "", "")), 1_000, 2_000);
        assertThat(vigil.isOver(999)).isTrue();
        assertThat(vigil.isOver(1_000)).isFalse();
        assertThat(vigil.isOver(1_999)).isFalse();
        assertThat(vigil.isOver(2_000)).isTrue();
        Files.delete(other.resolve("stat"));
        Files.delete(other);
        assertThat(vigil.isOver(1_500)).isTrue();
    }

    @Test
    void beforeTheFirstLook_thereIsNothingToWaitFor() {
        assertThat(Vigil.NONE.isOver(0)).isFalse();
    }
}
