package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import dev.fencepost.history.RetentionPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The same work on a small store and on a store a thousand times as large. */
final class Growth {
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
            return Run.settings("versions", space.keys() * ROUNDS, "keys", space.keys());
        }
    }

    private Growth() {}

    static void measure(Run run) throws Exception {
        int repeats = run.depth() == Run.Depth.WHOLE ? run.repeats() : 1;
        try (TemporaryFolder folder = TemporaryFolder.in(run.disk(), "processes")) {
            List<Filled> stores = new ArrayList<>();
            for (int keys : sizes(run.depth())) {
                fill(run, folder, keys).ifPresent(stores::add);
            }
            for (int repeat = 0; repeat < repeats; repeat++) {
                for (Filled store : stores) {
                    read(run, store);
                    for (Durability durability : durabilities(run)) {
                        put(run, store, durability);
                    }
                    open(run, store);
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

    private static Optional<Filled> fill(Run run, TemporaryFolder folder, int keys) throws IOException {
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
        run.figure(Figures.FENCEPOST, store.settings(), Files.size(store.file) / 1e6, "MB of file");
        return Optional.of(store);
    }

    private static void read(Run run, Filled store) throws Exception {
        Settings latest = store.role(Durability.POWER_LOSS);
        if (run.depth() != Run.Depth.INSTANT) {
            Settings cached = latest.with(PutsValues.CHOICE, CACHED);
            read(run, store, "cached", ReadsValues.class, cached, ReadsValues.READS);
        }
        read(run, store, "uncached", ReadsValues.class, latest.with(Settings.CACHE, 0), ReadsValues.READS);
        // One past value at a time, or all ten versions of a key.
        Settings past = store.role(Durability.PROCESS_DEATH).with(Settings.CACHE, 0);
        read(run, store, "as of a place", AsOfReadTask.class, past, TimedLoop.COUNTED);
        read(run, store, "history", AsOfReadTask.class, past.with("history", 1), TimedLoop.COUNTED);
    }

    private static void read(
            Run run, Filled store, String how, Class<? extends WorkerTask> task, Settings role, String count)
            throws Exception {
        Map<String, String> settings = Run.with(store.settings(), "reads", how);
        Report report = alone(run, store, settings, task, role);
        run.figure(Figures.FENCEPOST, settings, Figures.perSecond(run, report.count(count)), "reads/s");
    }

    /** Prunes a thousand or ten thousand keys while another process commits. */
    private static void prune(Run run, Filled store) throws Exception {
        Map<String, String> settings = Run.with(store.settings(), "beside", "retention");
        run.progress(Figures.FENCEPOST + " " + settings);
        Settings role = store.role(Durability.PROCESS_DEATH);
        try (WorkerGroup crew = new WorkerGroup(run, store.file.getParent())) {
            crew.add(
                    PruneTask.class,
                    role.with(PruneTask.OF, store.space.prefix() + (store.space.keys() > SMALL ? "00" : "")));
            crew.add(PutsValues.class, role);
            List<Report> reports = crew.work(PATIENCE);
            store.versions += reports.get(1).count(TimedLoop.ALL);
            double seconds = reports.get(0).count("nanos") / 1e9;
            run.figure(Figures.FENCEPOST, settings, reports.get(0).count("versions") / seconds, "versions pruned/s");
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
        Map<String, String> settings = Run.with(store.settings(), "durability", durability);
        Report report = alone(run, store, settings, PutsValues.class, store.role(durability));
        store.versions += report.count(TimedLoop.ALL);
        double commits = Figures.perSecond(run, report.count(TimedLoop.COUNTED));
        run.figure(Figures.FENCEPOST, settings, commits, "commits/s");
        Figures.latencies(run, Figures.FENCEPOST, settings, Report.merged(List.of(report), TimedLoop.LATENCIES));
    }

    private static void open(Run run, Filled store) throws Exception {
        PageCache.warm(store.file);
        open(run, store, "warm", true);
        if (run.depth() == Run.Depth.INSTANT) {
            return;
        }
        open(run, store, "warm", false);
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
        Map<String, String> settings =
                Run.with(store.settings(), "page cache", pageCache, "process", fresh ? "fresh" : "warm");
        Settings role = store.role(Durability.POWER_LOSS);
        if (!fresh) {
            role = role.with(OpensStore.FIRST, store.file.resolveSibling("other.db"));
        }
        Report report = alone(run, store, settings, OpensStore.class, role);
        run.figure(Figures.FENCEPOST, settings, report.count("open") / 1e6, "ms to open");
        run.figure(Figures.FENCEPOST, settings, report.count("first-get") / 1e6, "ms to first get");
    }

    private static Report alone(
            Run run, Filled store, Map<String, String> settings, Class<? extends WorkerTask> role, Settings told)
            throws Exception {
        run.progress(Figures.FENCEPOST + " " + settings);
        try (WorkerGroup crew = new WorkerGroup(run, store.file.getParent())) {
            return crew.add(role, told).work(PATIENCE).get(0);
        }
    }

    /**
     * Reads past state: values of random keys at random sequences, or all versions of a key if the setting {@code history}
     * is set.
     */
    static final class AsOfReadTask implements WorkerTask {

        /** The number of concurrently open snapshots. */
        private static final int SNAPSHOTS = 100;

        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            KeySpace space = KeySpace.of(settings);
            int[] numbers = space.sample((int) settings.number(PutsValues.CHOICE));
            List<Key<String>> keys = Arrays.stream(numbers).mapToObj(space::key).toList();
            boolean history = settings.has("history");
            List<Snapshot> snapshots = new ArrayList<>();
            try (Store store = settings.open()) {
                long last = store.agent("reader")
                        .put(Key.text("last"), "x")
                        .orThrow()
                        .sequence();
                for (int i = 0; i < SNAPSHOTS && !history; i++) {
                    // All keys exist from a tenth of the sequences on.
                    snapshots.add(
                            store.snapshotAt(ThreadLocalRandom.current().nextLong(Math.max(1, last / 5), last + 1)));
                }
                return TimedLoop.run(settings, gate, window -> {
                    int i = ThreadLocalRandom.current().nextInt(numbers.length);
                    String value = history
                            ? store.history().of(keys.get(i)).get(0).value().orElseThrow()
                            : snapshots
                                    .get(ThreadLocalRandom.current().nextInt(snapshots.size()))
                                    .get(keys.get(i))
                                    .orElseThrow()
                                    .value();
                    Figures.check("the value of " + keys.get(i), numbers[i], NumberedText.number(value));
                });
            }
        }
    }

    /**
     * Prunes all but the newest version of each key with a prefix, once. The report counts {@code versions} and
     * {@code nanos}.
     */
    static final class PruneTask implements WorkerTask {
        /** The setting with the prefix. */
        static final String OF = "of";

        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            try (Store store = settings.open()) {
                Agent agent = store.agent("keeper");
                agent.retention().setRule(settings.text(OF), RetentionPolicy.latest(1));
                gate.pass();
                long begun = System.nanoTime();
                long versions = agent.retention().apply().versions();
                return new Report().count("versions", versions).count("nanos", System.nanoTime() - begun);
            }
        }
    }

    /**
     * Opens a store and reads one value. The process is new, so loading the library takes much of the time, unless a
     * setting makes it open another store first. The report counts {@code open} and {@code first-get}, each in
     * nanoseconds.
     */
    static final class OpensStore implements WorkerTask {

        /** The setting with the file of a store to open first. */
        static final String FIRST = "first";

        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            KeySpace space = KeySpace.of(settings);
            int number = space.sample(1)[0];
            if (settings.has(FIRST)) {
                Settings other = settings.with("file", settings.text(FIRST));
                try (Store store = other.open()) {
                    store.agent("setup")
                            .put(space.key(number), space.value(number))
                            .orThrow();
                    Figures.check(
                            "a value",
                            number,
                            NumberedText.number(
                                    store.get(space.key(number)).orElseThrow().value()));
                }
            }
            gate.pass();
            long begun = System.nanoTime();
            try (Store store = settings.open()) {
                long opened = System.nanoTime();
                String value = store.get(space.key(number)).orElseThrow().value();
                long got = System.nanoTime();
                Figures.check("the first value that was read", number, NumberedText.number(value));
                return new Report().count("open", opened - begun).count("first-get", got - opened);
            }
        }
    }
}
