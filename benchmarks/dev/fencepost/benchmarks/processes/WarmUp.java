package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Store;
import dev.fencepost.benchmarks.run.Run;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The warm-up of a process on its own, before it works beside others. It does the same work on a file of its own in
 * memory. Otherwise a process with few operations per second would be measured while its code is interpreted, and
 * several processes while all compile.
 */
final class WarmUp {
    private static final String FILE = "rehearsal";
    /** The number of repeats after which code is compiled. */
    static final int TIMES = 3_000;

    private WarmUp() {}

    /** Returns settings for a warm-up on this file, which no other process uses; none at the depth of an instant. */
    static Settings in(Run run, Path file, Settings settings) {
        return run.depth() == Run.Depth.INSTANT ? settings : settings.with(FILE, file);
    }

    /** Returns the settings with the file of the warm-up; empty if they require none. */
    static Optional<Settings> own(Settings settings) {
        return settings.has(FILE) ? Optional.of(settings.with("file", settings.text(FILE))) : Optional.empty();
    }

    /** The work to repeat. */
    interface Work {
        /** Works on a store, with an agent of another store of the same file, in place of another process. */
        void once(Store store, Agent agent) throws Exception;
    }

    /** Repeats the work until its code is compiled, if the settings require it. */
    static void hold(Settings settings, Work work) throws Exception {
        Optional<Settings> own = own(settings);
        if (own.isPresent()) {
            try (Store store = own.get().open();
                    Store other = own.get().open()) {
                Agent agent = other.agent("rehearsal");
                for (int i = 0; i < TIMES; i++) {
                    work.once(store, agent);
                }
            }
        }
    }
}
