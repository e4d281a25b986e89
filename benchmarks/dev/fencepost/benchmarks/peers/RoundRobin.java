package dev.fencepost.benchmarks.peers;

import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.Run.Depth;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Subjects that take turns under the same loads. Each figure begins with an empty folder. Another subject is first in
 * each repeat, so that none always follows the same other one.
 */
final class RoundRobin {
    /** Reports an outcome. */
    @FunctionalInterface
    interface Report {
        void of(String subject, LoadSpec load, Outcome outcome);
    }

    private final Run run;
    private final Path folder;
    private final List<Subject> subjects;
    private final Report report;

    /** Skips and reports the subjects that are missing on this machine or start too slowly for an instant. */
    RoundRobin(Run run, Path folder, List<Subject> subjects, Report report) throws IOException, InterruptedException {
        this.run = run;
        this.folder = folder;
        this.report = report;
        this.subjects = new ArrayList<>();
        for (Subject subject : subjects) {
            Optional<String> why = run.depth() == Depth.INSTANT && subject.startsSlowly()
                    ? Optional.of("it takes longer than an instant to start")
                    : subject.absence(folder);
            why.ifPresentOrElse(reason -> run.absent(subject.label(), reason), () -> this.subjects.add(subject));
        }
    }

    /** Runs every subject under every load, as often as the run specifies. */
    void take(List<LoadSpec> loads) throws Exception {
        if (run.depth() != Depth.INSTANT) {
            warmUp(loads.get(loads.size() - 1));
        }
        List<Subject> order = new ArrayList<>(subjects);
        for (int repeat = 1; repeat <= run.repeats(); repeat++) {
            for (LoadSpec load : loads) {
                for (Subject subject : order) {
                    if (load.threads() <= subject.maxThreads()) {
                        run.progress(repeat + " of " + run.repeats() + ": " + subject.label() + " " + words(load));
                        take(subject, load);
                    }
                }
            }
            Collections.rotate(order, 1);
        }
    }

    /** Reports a peer that fails as failed; a failure of the library is thrown. */
    private void take(Subject subject, LoadSpec load) throws Exception {
        try {
            report.of(subject.label(), load, measure(subject, load));
        } catch (IllegalStateException e) {
            if (subject.label().startsWith("fencepost")) {
                throw e;
            }
            run.absent(subject.label(), words(load) + ": " + e.getMessage());
        }
    }

    /** Runs each subject of this process once without a report, so that the just-in-time compiler has seen it. */
    private void warmUp(LoadSpec load) throws Exception {
        for (Subject subject : subjects) {
            if (subject.warmsUp()) {
                run.progress("warming up: " + subject.label());
                int threads = Math.min(load.threads(), subject.maxThreads());
                measure(subject, new LoadSpec(threads, load.keys(), load.durability(), load.warmUp(), load.length()));
            }
        }
    }

    private Outcome measure(Subject subject, LoadSpec load) throws Exception {
        try (TemporaryFolder own = TemporaryFolder.in(folder, subject.label())) {
            return subject.measure(own.path(), load);
        }
    }

    private static String words(LoadSpec load) {
        return load.settings().entrySet().stream()
                .map(setting -> setting.getKey() + " " + setting.getValue())
                .collect(Collectors.joining(", "));
    }
}
