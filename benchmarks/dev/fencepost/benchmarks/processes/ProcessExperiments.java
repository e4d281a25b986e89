package dev.fencepost.benchmarks.processes;

import dev.fencepost.benchmarks.run.Experiment;
import java.util.List;

/** All experiments with several processes, and with large files. */
public final class ProcessExperiments {
    private ProcessExperiments() {}

    /** In the order in which they are reported. */
    public static List<Experiment> all() {
        return List.of(
                new OneKey(),
                new Claims(),
                new ReadersBesideWriter(),
                new ReadBesideCommits(),
                new Notice(),
                new Idle(),
                new Growth(),
                new BackupBesideWriters(),
                new Memory());
    }
}
