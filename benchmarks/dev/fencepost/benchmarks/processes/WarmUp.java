package dev.fencepost.benchmarks.processes;

import dev.fencepost.benchmarks.run.Run;
import java.nio.file.Path;

/**
 * The warm-up of a process on its own, before it works beside others. It does the same work on a file of its own in
 * memory. Otherwise a process with few operations per second would be measured while its code is interpreted, and
 * several processes while all compile.
 */
final class WarmUp {
    private static final String FILE = "rehearsal";
    private static final int TIMES = 3_000;

    private WarmUp() {}

    /** Returns settings for a warm-up on this file, which no other process uses; none at the depth of an instant. */
    static Settings in(Run run, Path file, Settings settings) {
        return run.depth() == Run.Depth.INSTANT ? settings : settings.with(FILE, file);
    }

    /** The work to repeat. */
    interface Work {
        void once() throws Exception;
    }

    /** The preparation of the work on a file. */
    interface Preparation {
        /** Creates the file and runs the work on it. */
        void on(Settings own) throws Exception;
    }

    /** Warms up if the settings require it. */
    static void hold(Settings settings, Preparation preparation) throws Exception {
        if (settings.has(FILE)) {
            preparation.on(settings.with("file", settings.text(FILE)));
        }
    }

    /** Repeats the work until its code is compiled. */
    static void repeat(Work work) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            work.once();
        }
    }
}
