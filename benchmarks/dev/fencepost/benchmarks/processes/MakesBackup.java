package dev.fencepost.benchmarks.processes;

import dev.fencepost.BackupOptions;
import dev.fencepost.BackupReport;
import dev.fencepost.Store;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits while other processes write, and then makes a backup. The report has its beginning, the time when all pages
 * were copied, and its end, by {@link System#nanoTime}.
 */
final class MakesBackup implements WorkerTask {
    /** The setting with the duration between the warm-up of the writers and the backup. */
    static final String BEFORE = "before";

    static final String BEGUN = "begun";
    static final String COPIED = "copied";
    static final String ENDED = "ended";
    static final String BYTES = "bytes";

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        Path backup = Path.of(settings.text(PutsUntilBackup.BACKUP));
        try (Store store = settings.open()) {
            gate.pass();
            long begin = System.nanoTime()
                    + settings.duration("warm-up").toNanos()
                    + settings.duration(BEFORE).toNanos();
            while (System.nanoTime() - begin < 0) {
                LockSupport.parkNanos(begin - System.nanoTime());
            }
            long[] copied = {System.nanoTime()};
            long begun = copied[0];
            BackupReport made = store.backup(
                    backup, BackupOptions.defaults().withProgress((pages, total) -> copied[0] = System.nanoTime()));
            return new Report()
                    .count(BEGUN, begun)
                    .count(COPIED, copied[0])
                    .count(ENDED, System.nanoTime())
                    .count(BYTES, made.bytes());
        }
    }
}
