package dev.fencepost.benchmarks.processes;

import dev.fencepost.benchmarks.run.Run;
import java.nio.file.Path;

/**
 * What a process does by itself before it works beside others: the same work, on a file of its own in memory. A process
 * that gets its turn some hundred times a second would otherwise be measured while its code is still interpreted, and
 * several at once while they all compile.
 */
final class WarmUp {
    private static final String FILE = "rehearsal";
    private static final int TIMES = 3_000;

    private WarmUp() {}

    /** Settings for a process that rehearses on this file, which nobody else has; not where nothing is measured. */
    static Settings in(Run run, Path file, Settings settings) {
        return run.depth() == Run.Depth.INSTANT ? settings : settings.with(FILE, file);
    }

    /** What is done again and again. */
    interface Work {
        void once() throws Exception;
    }

    /** Prepares the work on a file. */
    interface Preparation {
        /** Makes the file, and does with it what is to be done. */
        void on(Settings own) throws Exception;
    }

    /** Rehearses, if the settings say so. */
    static void hold(Settings settings, Preparation preparation) throws Exception {
        if (settings.has(FILE)) {
            preparation.on(settings.with("file", settings.text(FILE)));
        }
    }

    /** Does it as often as it takes to be quick. */
    static void repeat(Work work) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            work.once();
        }
    }
}
