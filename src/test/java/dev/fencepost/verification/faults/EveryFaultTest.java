package dev.fencepost.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults: each raises exactly the errors that the table lists, and leaves the state that the table promises. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EveryFaultTest {
    private static final Path PAGE =
            Path.of(System.getProperty("basedir", System.getProperty("user.dir")), "specs", "README.md");

    @ParameterizedTest
    @EnumSource(Fault.class)
    void fault_raisesItsListedErrors(Fault fault, @TempDir(cleanup = CleanupMode.ALWAYS) Path folder) throws Exception {
        try (FaultEnvironment scene = new FaultEnvironment(Files.createDirectory(folder.resolve("scene")))) {
            fault.trial().run(scene);
            assertThat(scene.errors()).isEqualTo(fault.errors());
        }
    }

    @Test
    void specificationPage_matchesTheTable() throws IOException {
        List<String> rows = Files.readString(PAGE)
                .split("\n## Faults\n", 2)[1]
                .split("\n## ", 2)[0]
                .lines()
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .toList();
        assertThat(rows).isEqualTo(Arrays.stream(Fault.values()).map(Fault::row).toList());
    }
}
