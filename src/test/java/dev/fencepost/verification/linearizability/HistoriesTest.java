package dev.fencepost.verification.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Some histories of eight processes that are killed, stopped and delayed; the command {@link HistoriesMain} makes many.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class HistoriesTest {
    private static final int HISTORIES = 6;
    private static final int OPERATIONS = 10_000;
    private static final int PROCESSES = 8;
    private static final long SEED = Long.getLong("fencepost.laws.seed", System.nanoTime());

    @TempDir
    private Path folder;

    @Test
    void everyHistory_isAccepted() throws IOException {
        Figures all = new Figures();
        List<HistoryRun> histories = IntStream.range(0, HISTORIES)
                .mapToObj(index -> new HistoryRun(SEED, index, OPERATIONS))
                .toList();
        new Histories(folder, System.getProperty("java.class.path"), PROCESSES).run(histories, checked -> {
            assertThat(checked.wrong())
                    .as(HistoriesMain.again(checked.history()))
                    .isEmpty();
            all.add(checked.figures());
        });
        // An event that never occurred was not checked. The second threads do about as much as the first, but this is
        // not guaranteed.
        assertThat(all.of("operations")).isGreaterThanOrEqualTo(HISTORIES * OPERATIONS * 3L / 4);
        assertThat(all.of("fault: kill")).isEqualTo(HISTORIES);
        for (String event : List.of("conflict", "claimed", "fenced", "unknown", "fault: stop", "fault: late")) {
            assertThat(all.of(event)).as(event).isPositive();
        }
    }
}
