package dev.fencepost.benchmarks.processes;

import com.sun.management.OperatingSystemMXBean;
import dev.fencepost.Store;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits for a change that does not happen, or sleeps with the store open for comparison. The report counts {@link
 * #CPU}: the CPU time of the whole process meanwhile, in nanoseconds.
 */
final class IdleWaiter implements WorkerTask {
    static final String CPU = "cpu";

    /** The setting with the duration of the wait. */
    static final String WAIT = "wait";

    /** The setting that is 1 to wait for a change, or 0 to sleep only. */
    static final String FOR_CHANGE = "for-change";

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        boolean forChange = settings.number(FOR_CHANGE) == 1;
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        try (Store store = settings.open()) {
            long newest = store.get(Changes.KEY).orElseThrow().version();
            gate.pass();
            // The start of a process has after-effects, above all compilation.
            spend(settings.duration("warm-up"), store, newest, forChange);
            long before = system.getProcessCpuTime();
            spend(settings.duration(WAIT), store, newest, forChange);
            return new Report().count(CPU, system.getProcessCpuTime() - before);
        }
    }

    private static void spend(Duration time, Store store, long newest, boolean forChange) throws InterruptedException {
        if (!forChange) {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } else if (store.awaitChange(Changes.KEY, newest, time).isPresent()) {
            throw new IllegalStateException("a change was seen that no writer made");
        }
    }
}
