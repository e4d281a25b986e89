package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The same work on a small store and on a store a thousand times as large. */
final class Growth implements Experiment {
    private static final int VALUE_SIZE = 450;
    private static final int ROUNDS = 10;
    private static final int SMALL = 1_000;

    /** The disk space per version in bytes: its value, its rows and indexes, and the log. */
    private static final long BYTES_FOR_EACH = 2L * VALUE_SIZE;

    /** The maximum size of a file that is copied, in bytes. */
    private static final long MOST_TO_COPY = 1_000_000_000;

    /** The maximum number of keys from which one process chooses. */
    private static final int CHOICE = 100_000;

    /** The number of keys that are read repeatedly from the cache. */
    private static final int CACHED = 1_000;

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** A filled store, with the number of versions of its keys. */
    private static final class Filled {
        private final KeySpace space;
        private final Path file;
        private long versions;

        Filled(KeySpace space, Path file, long versions) {
            this.space = space;
            this.file = file;
            this.versions = versions;
        }

        Settings role(Durability durability) {
            return space.tell(Settings.of(file, durability)).with(PutsValues.CHOICE, CHOICE);
        }

        Map<String, String> settings() {
            return Figures.settings("versions", space.keys() * ROUNDS, "keys", space.keys());
        }
    }

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String question() {
        return "Do opening, reading and writing get slower as the store grows, with values of the same size?";
    }

    @Override
    public void measure(Run run) throws Exception {
        boolean instant = run.depth() == Run.Depth.INSTANT;
        int repeats = run.depth() == Run.Depth.WHOLE ? run.repeats() : 1;
        try (Folder folder = Folder.in(run.disk())) {
            List<Filled> stores = new ArrayList<>();
            for (int keys : sizes(run.depth())) {
                fill(run, folder, keys).ifPresent(stores::add);
            }
            for (int repeat = 0; repeat < repeats; repeat++) {
                for (Filled store : stores) {
                    if (!instant) {
                        read(run, store, "cached");
                    }
                    read(run, store, "uncached");
                    readAsOf(run, store, "as of a place");
                    readAsOf(run, store, "history");
                    for (Durability durability : durabilities(run)) {
                        put(run, store, durability);
                    }
                    openWarm(run, store);
                    openCold(run, store);
                }
            }
            for (Filled store : stores) {
                prune(run, store);
                store.space.verify(store.file, store.versions);
            }
        }
    }

    private static List<Integer> sizes(Run.Depth depth) {
        return switch (depth) {
            case INSTANT -> List.of(100);
            case BRIEF -> List.of(SMALL, 20 * SMALL);
            case WHOLE -> List.of(SMALL, 1_000 * SMALL);
        };
    }

    private static List<Durability> durabilities(Run run) {
        return run.depth() == Run.Depth.INSTANT ? List.of(Durability.POWER_LOSS) : List.of(Durability.values());
    }

    private static Optional<Filled> fill(Run run, Folder folder, int keys) throws IOException {
        KeySpace space = new KeySpace("keys/", keys, VALUE_SIZE);
        Filled store = new Filled(space, folder.file(keys + "-keys.db"), (long) keys * ROUNDS);
        long room = Files.getFileStore(folder.path()).getUsableSpace();
        if (room < store.versions * BYTES_FOR_EACH) {
            run.absent(
                    Figures.FENCEPOST + " with " + store.versions + " versions",
                    "it takes " + store.versions * BYTES_FOR_EACH + " bytes of disk, and there are " + room);
            return Optional.empty();
        }
        run.progress("filling a store " + store.settings());
        space.fill(store.file, ROUNDS, written -> {
            if (written > CHOICE) {
                run.progress(written + " versions of " + store.versions);
            }
        });
        run.figure(Figures.FENCEPOST, store.settings(), megabytes(Files.size(store.file)), "MB of file");
        return Optional.of(store);
    }

    private static void read(Run run, Filled store, String how) throws Exception {
        Map<String, String> settings = Figures.with(store.settings(), "reads", how);
        Settings role = store.role(Durability.POWER_LOSS);
        role = how.equals("cached") ? role.with(PutsValues.CHOICE, CACHED) : role.with(Settings.CACHE, 0);
        Report report = alone(run, store, settings, ReadsValues.class, role);
        double reads = Figures.perSecond(run, report.count(ReadsValues.READS));
        run.figure(Figures.FENCEPOST, settings, reads, "reads/s");
    }

    /** Reads one past value at a time, or all ten versions of a key. */
    private static void readAsOf(Run run, Filled store, String how) throws Exception {
        Map<String, String> settings = Figures.with(store.settings(), "reads", how);
        Settings role = store.role(Durability.PROCESS_DEATH).with(Settings.CACHE, 0);
        role = how.equals("history") ? role.with(AsOfReadTask.HISTORY, 1) : role;
        Report report = alone(run, store, settings, AsOfReadTask.class, role);
        run.figure(Figures.FENCEPOST, settings, Figures.perSecond(run, report.count(TimedLoop.COUNTED)), "reads/s");
    }

    /** Prunes a thousand or ten thousand keys while another process commits. */
    private static void prune(Run run, Filled store) throws Exception {
        Map<String, String> settings = Figures.with(store.settings(), "beside", "retention");
        run.progress(Figures.FENCEPOST + " " + settings);
        Settings role = store.role(Durability.PROCESS_DEATH);
        try (WorkerGroup crew = new WorkerGroup(run, store.file.getParent())) {
            crew.add(
                    PruneTask.class,
                    role.with(PruneTask.OF, store.space.prefix() + (store.space.keys() > SMALL ? "00" : "")));
            crew.add(PutsValues.class, role);
            List<Report> reports = crew.work(PATIENCE);
            store.versions += reports.get(1).count(TimedLoop.ALL);
            double seconds = reports.get(0).count(PruneTask.NANOS) / 1e9;
            run.figure(
                    Figures.FENCEPOST,
                    settings,
                    reports.get(0).count(PruneTask.VERSIONS) / seconds,
                    "versions pruned/s");
            Figures.latencies(
                    run, Figures.FENCEPOST, settings, Report.merged(reports.subList(1, 2), TimedLoop.LATENCIES));
        }
    }

    /** Writes into a copy, so that a small store stays small. A large store hardly grows, and copying it takes long. */
    private static void put(Run run, Filled store, Durability durability) throws Exception {
        if (Files.size(store.file) > MOST_TO_COPY) {
            putInto(run, store, durability);
            return;
        }
        Filled copy = new Filled(store.space, store.file.resolveSibling("copy.db"), store.versions);
        Files.copy(store.file, copy.file, StandardCopyOption.REPLACE_EXISTING);
        Store.adopt(StoreConfig.of(copy.file), "growth");
        putInto(run, copy, durability);
        copy.space.verify(copy.file, copy.versions);
    }

    private static void putInto(Run run, Filled store, Durability durability) throws Exception {
        Map<String, String> settings = Figures.with(store.settings(), "durability", Figures.named(durability));
        Report report = alone(run, store, settings, PutsValues.class, store.role(durability));
        store.versions += report.count(TimedLoop.ALL);
        double commits = Figures.perSecond(run, report.count(TimedLoop.COUNTED));
        run.figure(Figures.FENCEPOST, settings, commits, "commits/s");
        Figures.latencies(run, Figures.FENCEPOST, settings, Report.merged(List.of(report), TimedLoop.LATENCIES));
    }

    private static void openWarm(Run run, Filled store) throws Exception {
        PageCache.warm(store.file);
        open(run, store, "warm", true);
        if (run.depth() != Run.Depth.INSTANT) {
            open(run, store, "warm", false);
        }
    }

    private static void openCold(Run run, Filled store) throws Exception {
        if (run.depth() == Run.Depth.INSTANT) {
            return;
        }
        for (boolean fresh : new boolean[] {true, false}) {
            Optional<String> why = PageCache.drop(store.file);
            if (why.isPresent()) {
                run.absent(Figures.FENCEPOST + " with a cold page cache", why.get());
                return;
            }
            open(run, store, "cold", fresh);
        }
    }

    /** Opens a store in a new process, or in one that has opened another store before. */
    private static void open(Run run, Filled store, String pageCache, boolean fresh) throws Exception {
        Map<String, String> settings = Figures.with(
                Figures.with(store.settings(), "page cache", pageCache), "process", fresh ? "fresh" : "warm");
        Settings role = store.role(Durability.POWER_LOSS);
        if (!fresh) {
            role = role.with(OpensStore.FIRST, store.file.resolveSibling("other.db"));
        }
        Report report = alone(run, store, settings, OpensStore.class, role);
        run.figure(Figures.FENCEPOST, settings, report.count(OpensStore.OPEN) / 1e6, "ms to open");
        run.figure(Figures.FENCEPOST, settings, report.count(OpensStore.FIRST_GET) / 1e6, "ms to first get");
    }

    private static Report alone(
            Run run, Filled store, Map<String, String> settings, Class<? extends WorkerTask> role, Settings told)
            throws Exception {
        run.progress(Figures.FENCEPOST + " " + settings);
        try (WorkerGroup crew = new WorkerGroup(run, store.file.getParent())) {
            return crew.add(role, told).work(PATIENCE).get(0);
        }
    }

    private static double megabytes(long bytes) {
        return bytes / 1e6;
    }
}
