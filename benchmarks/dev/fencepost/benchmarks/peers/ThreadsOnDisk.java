package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import java.util.ArrayList;
import java.util.List;

/** All subjects on a real disk, with one thread, some threads and many. */
public final class ThreadsOnDisk implements Experiment {
    private static final int KEYS = 1_000;
    private static final List<Integer> THREADS = List.of(1, 8, 64);
    private static final List<Integer> THREADS_IN_BRIEF = List.of(1, 64);
    private static final List<Integer> THREADS_AT_AN_INSTANT = List.of(8);

    private final String name;
    private final String question;
    private final Durability durability;
    private final List<Subject> subjects;

    private ThreadsOnDisk(String name, String question, Durability durability, List<Subject> subjects) {
        this.name = name;
        this.question = question;
        this.durability = durability;
        this.subjects = subjects;
    }

    /** Creates the experiment with commits that survive a power loss. */
    public static Experiment durable() {
        return new ThreadsOnDisk(
                "threads-durable",
                "How many commits that survive the loss of power does each of the ways make, by the number of threads?",
                Durability.POWER_LOSS,
                Subjects.ALL);
    }

    /** Creates the experiment with commits that survive the death of a process, as far as the peer guarantees that. */
    public static Experiment weak() {
        List<Subject> subjects = new ArrayList<>(Subjects.ALL);
        subjects.add(Subjects.H2_WRITING);
        return new ThreadsOnDisk(
                "threads-weak",
                "How many commits that survive the death of the process does each of the ways make, by the number of"
                        + " threads?",
                Durability.PROCESS_DEATH,
                subjects);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String question() {
        return question;
    }

    @Override
    public void measure(Run run) throws Exception {
        List<Integer> threads = switch (run.depth()) {
            case INSTANT -> THREADS_AT_AN_INSTANT;
            case BRIEF -> THREADS_IN_BRIEF;
            case WHOLE -> THREADS;
        };
        int most = threads.get(threads.size() - 1);
        RoundRobin.Report report = (subject, load, outcome) -> {
            RoundRobin.rate(run, subject, load, outcome);
            if (load.threads() == most) {
                RoundRobin.latencies(run, subject, load, outcome);
            }
        };
        new RoundRobin(run, run.disk(), subjects, report)
                .take(threads.stream()
                        .map(count -> RoundRobin.load(run, count, KEYS, durability))
                        .toList());
    }
}
