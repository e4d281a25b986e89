package dev.fencepost.benchmarks.processes;

import com.sun.management.OperatingSystemMXBean;
import dev.fencepost.Store;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits for a change that does not come, or, to compare, sleeps with the store open; the report counts {@link #CPU}: the
 * nanoseconds of processor time that the whole process used meanwhile.
 */
final class IdleWaiter implements WorkerTask {
    static final String CPU = "cpu";

    /** How long to wait. */
    static final String WAIT = "wait";

    /** Whether to wait for a change, 1, or only to sleep, 0. */
    static final String FOR_CHANGE = "for-change";

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        boolean forChange = settings.number(FOR_CHANGE) == 1;
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        try (Store store = settings.open()) {
            long newest = store.get(Changes.KEY).orElseThrow().version();
            gate.pass();
            // What was just started goes on for a while: compiling, above all.
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
            throw new IllegalStateException("a change was seen that nobody made");
        }
    }
}
