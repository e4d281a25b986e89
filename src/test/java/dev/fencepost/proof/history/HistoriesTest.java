package dev.fencepost.proof.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Some histories of eight processes. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class HistoriesTest {
    private static final int OPERATIONS = 10_000;

    @TempDir
    private Path folder;

    @Test
    void eightProcessesUnderFaults() throws IOException {
        try (Crew crew = new Crew(folder, System.getProperty("java.class.path"), 8)) {
            for (int index = 0; index < 2; index++) {
                Path place = Files.createDirectory(folder.resolve("history-" + index));
                long began = System.nanoTime();
                HistoryRun.Made made = new HistoryRun(1, index, OPERATIONS).make(crew, place);
                long ran = System.nanoTime();
                List<String> wrong = Checker.check(made.recording());
                System.out.println((ran - began) / 1_000_000 + " ms, check " + (System.nanoTime() - ran) / 1_000_000
                        + " ms; " + made.recording().operations().size() + " " + made.faults());
                assertThat(wrong).isEmpty();
            }
        }
    }
}
