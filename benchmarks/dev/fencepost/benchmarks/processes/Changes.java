package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import java.io.IOException;
import java.nio.file.Path;

/** The shared data of the process that changes a key and the process that waits for the changes. */
final class Changes {
    static final Key<String> KEY = Key.text("changing");

    /** The value after which there are no more changes. */
    static final String LAST = "last";

    /** The settings with the file of {@link Times} and its capacity in versions. */
    static final String TIMES = "times";

    static final String ROOM = "room";

    /** The number of the newest version that was written or seen. */
    static final String NEWEST = "newest";

    private Changes() {}

    /** Creates a store with the key at version 1. */
    static void create(Path file) {
        try (Store store = Settings.of(file, Durability.POWER_LOSS).open()) {
            store.agent("setup").put(KEY, "first").orThrow();
        }
    }

    /**
     * The times at which each version was about to be written, was acknowledged, and was seen by the waiter; 0 if it
     * was not.
     */
    static final class Times {
        private static final int EACH = 3;

        private final SharedLongs longs;

        private Times(SharedLongs longs) {
            this.longs = longs;
        }

        static Times map(Settings settings) throws IOException {
            int count = EACH * (int) settings.number(ROOM);
            return new Times(SharedLongs.map(Path.of(settings.text(TIMES)), count));
        }

        /** Returns the capacity: versions must be below it. */
        int room() {
            return longs.size() / EACH;
        }

        long begun(int version) {
            return longs.get(EACH * version);
        }

        void begun(int version, long time) {
            longs.set(EACH * version, time);
        }

        long acknowledged(int version) {
            return longs.get(EACH * version + 1);
        }

        void acknowledged(int version, long time) {
            longs.set(EACH * version + 1, time);
        }

        long seen(int version) {
            return longs.get(EACH * version + 2);
        }

        void seen(int version, long time) {
            longs.set(EACH * version + 2, time);
        }
    }
}
