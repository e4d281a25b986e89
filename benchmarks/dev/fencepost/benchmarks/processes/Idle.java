package dev.fencepost.benchmarks.processes;

import com.sun.management.OperatingSystemMXBean;
import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The cost of waiting without any change. */
final class Idle {
    /** The system counts "cpu" time in hundredths of a second, so this duration resolves tenths of a percent. */
    private static final Duration LEAST = Duration.ofSeconds(10);

    private Idle() {}

    static void measure(Run run) throws Exception {
        int repeats = run.depth() == Run.Depth.WHOLE ? run.repeats() : 1;
        for (int repeat = 0; repeat < repeats; repeat++) {
            one(run, true);
            if (run.depth() == Run.Depth.WHOLE) {
                one(run, false);
            }
        }
    }

    private static void one(Run run, boolean forChange) throws Exception {
        Map<String, String> settings = Run.settings("process", forChange ? "waits" : "sleeps");
        run.progress(Figures.FENCEPOST + " " + settings);
        boolean brief = run.depth() == Run.Depth.INSTANT || run.length().compareTo(LEAST) > 0;
        Duration wait = brief ? run.length() : LEAST;
        List<Report> reports;
        try (TemporaryFolder folder = TemporaryFolder.in(run.disk(), "processes");
                WorkerGroup crew = new WorkerGroup(run, folder.path())) {
            Settings role = Settings.of(folder.file("idle.db"), Durability.POWER_LOSS)
                    .with(IdleWaiter.FOR_CHANGE, forChange ? 1 : 0)
                    .with(IdleWaiter.WAIT, wait);
            Notice.create(role.file());
            reports = crew.add(IdleWaiter.class, role).work();
        }
        double share = 100.0 * reports.get(0).count("cpu") / wait.toNanos();
        run.figure(Figures.FENCEPOST, settings, share, "% of a core");
    }

    /**
     * Waits for a change that does not happen, or sleeps with the store open for comparison. The report counts
     * {@code cpu}: the "cpu" time of the whole process meanwhile, in nanoseconds.
     */
    static final class IdleWaiter implements WorkerTask {

        /** The setting with the duration of the wait. */
        static final String WAIT = "wait";

        /** The setting that is 1 to wait for a change, or 0 to sleep only. */
        static final String FOR_CHANGE = "for-change";

        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            boolean forChange = settings.number(FOR_CHANGE) == 1;
            OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            try (Store store = settings.open()) {
                long newest = store.get(Notice.KEY).orElseThrow().version();
                gate.pass();
                // The start of a process has after-effects, above all compilation.
                spend(settings.duration("warm-up"), store, newest, forChange);
                long before = system.getProcessCpuTime();
                spend(settings.duration(WAIT), store, newest, forChange);
                return new Report().count("cpu", system.getProcessCpuTime() - before);
            }
        }

        private static void spend(Duration time, Store store, long newest, boolean forChange)
                throws InterruptedException {
            if (!forChange) {
                TimeUnit.NANOSECONDS.sleep(time.toNanos());
            } else if (store.awaitChange(Notice.KEY, newest, time).isPresent()) {
                throw new IllegalStateException("a change was seen that no writer made");
            }
        }
    }
}
