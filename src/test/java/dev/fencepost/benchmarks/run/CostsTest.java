package dev.fencepost.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The costs of commits that the system counts. */
class CostsTest {
    @TempDir
    Path folder;

    @Test
    void work_increasesTheTotals() throws IOException, InterruptedException {
        assumeTrue(Files.isReadable(Path.of("/proc/self/io")), "no /proc");
        Costs before = Costs.now(folder, List.of());
        long processor;
        long switches;
        do {
            new ProcessBuilder("true").start().waitFor();
            Costs spent = Costs.now(folder, List.of()).since(before);
            processor = spent.amounts().get(Cost.PROCESSOR);
            switches = spent.amounts().get(Cost.SWITCHES);
        } while (processor == 0 || switches == 0);
        assertThat(processor).isPositive();
        assertThat(switches).isPositive();
    }

    @Test
    void endedProcess_hasNoCosts() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        assertThat(Costs.now(folder, List.of(ended.toHandle())).amounts()).containsKey(Cost.PROCESSOR);
    }

    @Test
    void costs_areSubtractedAndAdded() {
        Costs early = new Costs(Map.of(Cost.PROCESSOR, 10L, Cost.FLUSHES, 5L));
        Costs late = new Costs(Map.of(Cost.PROCESSOR, 40L, Cost.FLUSHES, 7L, Cost.WRITTEN, 1L));
        assertThat(late.since(early).amounts())
                .containsOnly(Map.entry(Cost.PROCESSOR, 30L), Map.entry(Cost.FLUSHES, 2L));
        // The flushes are those of the disk, which both share.
        assertThat(late.with(early).amounts())
                .containsOnly(Map.entry(Cost.PROCESSOR, 50L), Map.entry(Cost.FLUSHES, 7L), Map.entry(Cost.WRITTEN, 1L));
    }

    @Test
    void printedCosts_areParsed() {
        assertThat(Costs.parse("acknowledged=3 processor=12 written=7 ").amounts())
                .containsOnly(Map.entry(Cost.PROCESSOR, 12L), Map.entry(Cost.WRITTEN, 7L));
    }
}
