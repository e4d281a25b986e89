package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import java.util.List;

/**
 * One thread on files in memory, so that only the processor counts: the distance between Fencepost and SQLite itself.
 */
public final class ThreadsMemory implements Experiment {
    private static final int KEYS = 1_000;
    private static final List<Subject> SUBJECTS = List.of(
            Subjects.FENCEPOST,
            Subjects.NO_GROUP_COMMIT,
            Subjects.C_SQLITE,
            Subjects.C_SQLITE_BARE,
            Subjects.C_SQLITE_MINIMAL,
            Subjects.RAW_JDBC);

    @Override
    public String name() {
        return "threads-memory";
    }

    @Override
    public String question() {
        return "What does a commit of one thread cost where the disk costs nothing, and how much of it is SQLite itself?";
    }

    @Override
    public void measure(Run run) throws Exception {
        RoundRobin.Report report = (subject, load, outcome) -> RoundRobin.rate(run, subject, load, outcome);
        new RoundRobin(run, run.memory(), SUBJECTS, report)
                .take(List.of(RoundRobin.load(run, 1, KEYS, Durability.PROCESS_DEATH)));
    }
}
