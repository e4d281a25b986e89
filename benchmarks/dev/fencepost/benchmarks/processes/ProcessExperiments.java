package dev.fencepost.benchmarks.processes;

import dev.fencepost.benchmarks.report.Ratio;
import dev.fencepost.benchmarks.run.Experiment;
import java.util.List;

/** All experiments with several processes or large files. */
public final class ProcessExperiments {
    /** The experiments in the order of the report. */
    public static final List<Experiment> ALL = List.of(
            new Experiment(
                    "processes-one-key",
                    "How many durable increments of one counter do several processes make in a second, how long does each take,"
                            + " and does every process get its share?",
                    OneKey::measure),
            new Experiment(
                    "processes-claims",
                    "How often in a second does one claim go from process to process, with one write under each, and how long is"
                            + " it from the release to the next grant?",
                    List.of(new Ratio(Figures.FENCEPOST, Claims.WITHOUT_MESSAGES)),
                    Claims::measure),
            new Experiment(
                    "readers-beside-writer",
                    "How many durable commits does one process make in a second while others read the same thousand keys?",
                    ReadersBesideWriter::measure),
            new Experiment(
                    "read-beside-commits",
                    "How many cached values does one thread read in a second, the latest or staler ones, while another process"
                            + " commits to other keys?",
                    ReadBesideCommits::measure),
            new Experiment(
                    "notice",
                    "How long after a change of a key does a process see it that waits for it, from before the put, and from its"
                            + " acknowledgement?",
                    Notice::measure),
            new Experiment(
                    "idle",
                    "How much processor time does a process use that waits for a change which does not come?",
                    Idle::measure),
            new Experiment(
                    "growth",
                    "Do opening, reading and writing get slower as the store grows, with values of the same size?",
                    Growth::measure),
            new Experiment(
                    "file-size",
                    "How many bytes of file does a version take, with values of 100 bytes and one version in each commit?",
                    FileSize::measure),
            new Experiment(
                    "backup-beside-writers",
                    "How many commits do two processes make in a second while a backup of the store is made, as a share of"
                            + " those just before it?",
                    BackupBesideWriters::measure),
            new Experiment(
                    "memory",
                    "Does a process with a heap of " + WorkerGroup.HEAP_MEGABYTES
                            + " MB read all of a large store, and how much of the heap is in use in the end?",
                    Memory::measure));

    private ProcessExperiments() {}
}
