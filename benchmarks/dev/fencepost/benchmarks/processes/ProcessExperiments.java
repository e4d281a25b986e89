package dev.fencepost.benchmarks.processes;

import dev.fencepost.benchmarks.run.Experiment;
import java.util.List;

/** All experiments with several processes or large files. */
public final class ProcessExperiments {
    private ProcessExperiments() {}

    /** Returns the experiments in the order of the report. */
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
