package dev.fencepost.benchmarks.processes;

import dev.fencepost.benchmarks.run.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The processes that work at the same time for one figure. {@link #close} ends all of them. */
final class WorkerGroup implements AutoCloseable {
    /** The maximum heap of each process, in megabytes. */
    static final int HEAP_MEGABYTES = 256;

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration BRIEF_WARM_UP = Duration.ofMillis(700);

    /** The time that a process may take beyond the measured time. */
    private static final Duration SLACK = Duration.ofMinutes(2);

    private final Run run;
    private final Path folder;
    private final List<TaskProcess> processes = new ArrayList<>();
    private boolean lightly;

    WorkerGroup(Run run, Path folder) {
        this.run = run;
        this.folder = folder;
        this.lightly = run.depth() == Run.Depth.INSTANT;
    }

    /**
     * Creates a group whose processes use only the first compiler. If there are more processes than cores, the
     * optimizing compiler would take most of the machine for minutes and distort the figures.
     */
    static WorkerGroup lightly(Run run, Path folder) {
        WorkerGroup crew = new WorkerGroup(run, folder);
        crew.lightly = true;
        return crew;
    }

    /** Starts another process without waiting for it. */
    WorkerGroup add(Class<? extends WorkerTask> role, Settings settings) throws IOException {
        Settings whole = settings.with("warm-up", warmUp(run)).with("length", run.length());
        processes.add(TaskProcess.start(role, whole, folder, flags()));
        return this;
    }

    /** Lets all processes begin at once, and returns their reports in the order in which the processes were added. */
    List<Report> work() throws InterruptedException {
        return work(warmUp(run).plus(run.length()).plus(SLACK));
    }

    /** Does the same as {@link #work()} with another timeout. */
    List<Report> work(Duration patience) throws InterruptedException {
        for (TaskProcess process : processes) {
            process.awaitReady(START);
        }
        processes.forEach(TaskProcess::go);
        List<Report> reports = new ArrayList<>();
        for (TaskProcess process : processes) {
            reports.add(process.report(patience));
        }
        return reports;
    }

    /** Returns the duration of the work before the measured time. */
    static Duration warmUp(Run run) {
        return switch (run.depth()) {
            case INSTANT -> run.length().dividedBy(2);
            case BRIEF -> BRIEF_WARM_UP;
            case WHOLE -> WARM_UP;
        };
    }

    private List<String> flags() {
        List<String> flags =
                new ArrayList<>(List.of("-Xmx" + HEAP_MEGABYTES + "m", "-XX:+UseSerialGC", "-Xshare:auto"));
        if (lightly) {
            flags.add("-XX:TieredStopAtLevel=1");
        }
        return flags;
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (TaskProcess process : processes) {
            try {
                process.close();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
