package dev.fencepost.benchmarks.run;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The costs of some processes and of the disk, as totals or as a difference of two totals. Those that the system does
 * not count are missing; apart from the processor time, only Linux counts them. Immutable.
 */
public record Costs(Map<Cost, Long> amounts) {
    private static final Path PROCESSES = Path.of("/proc");
    private static final Path DISKS = Path.of("/sys/class/block");
    /** The voluntary switches and, since it is the end of their name too, the others. */
    private static final Pattern SWITCHES = Pattern.compile("voluntary_ctxt_switches:\\s+(\\d+)");

    private static final Pattern WRITTEN = Pattern.compile("(?m)^write_bytes: (\\d+)");

    /** The position of the number of flushes in the statistics of a disk. */
    private static final int FLUSHES = 15;

    public Costs {
        amounts = Map.copyOf(amounts);
    }

    /** Returns no costs. */
    public static Costs none() {
        return new Costs(Map.of());
    }

    /** Parses what a program prints: its costs, each in the form {@code name=amount}. */
    public static Costs parse(String words) {
        Map<Cost, Long> amounts = new EnumMap<>(Cost.class);
        for (Cost cost : Cost.values()) {
            Matcher found = Pattern.compile("\\b" + cost.label() + "=(\\d+)").matcher(words);
            if (found.find()) {
                amounts.put(cost, Long.parseLong(found.group(1)));
            }
        }
        return new Costs(amounts);
    }

    /** Returns the totals of this process and others until now. Threads that have ended do not count. */
    public static Costs now(Path folder, Collection<ProcessHandle> others) throws IOException {
        Map<Cost, Long> totals = new EnumMap<>(Cost.class);
        List<ProcessHandle> all = Stream.concat(Stream.of(ProcessHandle.current()), others.stream())
                .toList();
        for (ProcessHandle process : all) {
            try {
                add(process, folder, totals);
            } catch (IOException e) {
                if (process.isAlive()) {
                    throw e;
                }
            }
        }
        Optional<Path> disk = statistics(folder);
        if (disk.isPresent()) {
            String[] numbers = Files.readString(disk.get()).strip().split("\\s+");
            if (numbers.length > FLUSHES) {
                totals.put(Cost.FLUSHES, Long.parseLong(numbers[FLUSHES]));
            }
        }
        return new Costs(totals);
    }

    private static void add(ProcessHandle process, Path folder, Map<Cost, Long> totals) throws IOException {
        Duration processor = process.info().totalCpuDuration().orElse(Duration.ZERO);
        totals.merge(Cost.PROCESSOR, processor.toNanos(), Long::sum);
        Path files = PROCESSES.resolve(Long.toString(process.pid()));
        if (Files.isReadable(files.resolve("io"))) {
            totals.merge(Cost.SWITCHES, switches(files.resolve("task")), Long::sum);
            if (!isInMemory(folder)) {
                totals.merge(Cost.WRITTEN, sum(WRITTEN, Files.readString(files.resolve("io"))), Long::sum);
            }
        }
    }

    /** Returns the file with the statistics of the disk that a folder is on; empty if the system has none. */
    public static Optional<Path> statistics(Path folder) throws IOException {
        FileStore store = Files.getFileStore(folder);
        Path device = DISKS.resolve(Optional.ofNullable(Path.of(store.name()).getFileName())
                .map(Path::toString)
                .orElse(""));
        if (store.name().isEmpty() || !Files.exists(device)) {
            return Optional.empty();
        }
        Path real = device.toRealPath();
        // Only the whole disk counts flushes.
        Path whole = Files.exists(real.resolve("partition")) ? real.resolveSibling("") : real;
        return Optional.of(whole.resolve("stat")).filter(Files::isReadable);
    }

    private static boolean isInMemory(Path folder) throws IOException {
        return Files.getFileStore(folder).type().equals("tmpfs");
    }

    private static long switches(Path threads) throws IOException {
        long switches = 0;
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                try {
                    switches += sum(SWITCHES, Files.readString(thread.resolve("status")));
                } catch (NoSuchFileException e) {
                    // The thread has ended meanwhile.
                    continue;
                }
            }
        }
        return switches;
    }

    private static long sum(Pattern number, String text) {
        long sum = 0;
        for (Matcher found = number.matcher(text); found.find(); ) {
            sum += Long.parseLong(found.group(1));
        }
        return sum;
    }

    /** Returns the costs since earlier totals. */
    public Costs since(Costs earlier) {
        Map<Cost, Long> difference = new EnumMap<>(Cost.class);
        amounts.forEach((cost, amount) -> {
            Long before = earlier.amounts.get(cost);
            if (before != null) {
                difference.put(cost, Math.max(0, amount - before));
            }
        });
        return new Costs(difference);
    }

    /** Returns the costs of these processes and of others that ran at the same time, on the same disk. */
    public Costs with(Costs others) {
        Map<Cost, Long> sums = new EnumMap<>(Cost.class);
        Stream.concat(amounts.entrySet().stream(), others.amounts.entrySet().stream())
                .forEach(entry -> sums.merge(
                        entry.getKey(), entry.getValue(), entry.getKey() == Cost.FLUSHES ? Math::max : Long::sum));
        return new Costs(sums);
    }
}
