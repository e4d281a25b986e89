package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.Run.Depth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** The ratio of a figure's length to its warm-up. */
    private static final int WARM_UP_PART = 3;

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
            why.ifPresentOrElse(reason -> run.absent(subject.name(), reason), () -> this.subjects.add(subject));
        }
    }

    /** Returns a load of the length that the run specifies. */
    static LoadSpec load(Run run, int threads, int keys, Durability durability) {
        Duration length = run.length();
        return new LoadSpec(threads, keys, durability, length.dividedBy(WARM_UP_PART), length);
    }

    /** Reports commits per second. */
    static void rate(Run run, String subject, LoadSpec load, Outcome outcome) {
        run.figure(subject, load.settings(), outcome.perSecond(), "commits/s");
    }

    /** Reports latencies, if there are any. */
    static void latencies(Run run, String subject, LoadSpec load, Outcome outcome) {
        if (outcome.latencies().getTotalCount() > 0) {
            run.latencies(subject, load.settings(), outcome.latencies());
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
                    if (load.threads() <= subject.mostThreads()) {
                        run.progress(repeat + " of " + run.repeats() + ": " + subject.name() + " " + words(load));
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
            report.of(subject.name(), load, measure(subject, load));
        } catch (IllegalStateException e) {
            if (subject.name().startsWith("fencepost")) {
                throw e;
            }
            run.absent(subject.name(), words(load) + ": " + e.getMessage());
        }
    }

    /** Runs each subject of this process once without a report, so that the just-in-time compiler has seen it. */
    private void warmUp(LoadSpec load) throws Exception {
        for (Subject subject : subjects) {
            if (subject.warmsUp()) {
                run.progress("warming up: " + subject.name());
                int threads = Math.min(load.threads(), subject.mostThreads());
                measure(subject, new LoadSpec(threads, load.keys(), load.durability(), load.warmUp(), load.length()));
            }
        }
    }

    private Outcome measure(Subject subject, LoadSpec load) throws Exception {
        try (TemporaryFolder own = TemporaryFolder.in(folder, subject.name())) {
            return subject.measure(own.path(), load);
        }
    }

    private static String words(LoadSpec load) {
        StringBuilder words = new StringBuilder();
        for (Map.Entry<String, String> setting : load.settings().entrySet()) {
            words.append(words.length() == 0 ? "" : ", ")
                    .append(setting.getKey())
                    .append(' ')
                    .append(setting.getValue());
        }
        return words.toString();
    }
}
