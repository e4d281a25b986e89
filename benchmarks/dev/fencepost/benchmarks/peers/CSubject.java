package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Costs;
import dev.fencepost.benchmarks.run.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SQLite in C with prepared statements, in one thread: the upper bound. It uses the SQLite of the machine, which may be
 * older than that of the library. The program is compiled if this machine can.
 */
enum CSubject implements Subject {
    /** A store with its defensive triggers, in as few statements as they permit. */
    SCHEMA("c-sqlite"),
    /**
     * The same tables without triggers, kept consistent by the program. The difference is the cost of the file's
     * defence.
     */
    BARE("c-sqlite-bare"),
    /** Two plain tables, one conditional statement, and a trigger that appends to the history: the limit. */
    MINIMAL("c-sqlite-minimal");

    private static final Path SOURCE = Path.of("benchmarks", "c", "baseline.c");
    private static final List<Path> HEADERS =
            List.of(Path.of("/usr/include/sqlite3.h"), Path.of("/usr/local/include/sqlite3.h"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static @Nullable Path compiled;

    private final String label;

    CSubject(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public Optional<String> absence(Path parent) {
        if (Programs.find("cc").isEmpty()) {
            return Optional.of("no C compiler on the path");
        } else if (HEADERS.stream().noneMatch(Files::exists)) {
            return Optional.of("no sqlite3.h; it is in Debian's package libsqlite3-dev");
        } else if (!Files.exists(SOURCE)) {
            return Optional.of("no " + SOURCE + " in the present folder; run it from the root of the repository");
        }
        return Optional.empty();
    }

    @Override
    public boolean startsSlowly() {
        return false;
    }

    @Override
    public int maxThreads() {
        return 1;
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public Outcome measure(Path folder, LoadSpec load) throws Exception {
        if (load.threads() > maxThreads()) {
            throw new IllegalArgumentException(label + " has one thread, not " + load.threads());
        }
        if (this != MINIMAL) {
            StorePeer.fill(folder, load.keys());
        }
        Path file = folder.resolve(StorePeer.FILE);
        List<String> command = List.of(
                compiled().toString(),
                name().toLowerCase(Locale.ROOT),
                file.toString(),
                load.durability() == Durability.POWER_LOSS ? "full" : "normal",
                Integer.toString(load.keys()),
                Long.toString(load.warmUp().toMillis()),
                Long.toString(load.length().toMillis()),
                Costs.statistics(folder).map(Path::toString).orElse("-"));
        Duration longest = PATIENCE.plus(load.warmUp()).plus(load.length());
        Outcome outcome = Outcome.parse(Programs.run(folder, longest, command));
        PlainTables.tally(file, load.keys()).mustAddUpTo(outcome.acknowledged(), label);
        return outcome;
    }

    /** Returns the compiled program. It is compiled at the first call, and deleted when this process ends. */
    private static synchronized Path compiled() throws IOException, InterruptedException {
        Path present = compiled;
        if (present == null) {
            // Not in the folder of the data, because file systems in memory often permit no programs.
            Path folder = Files.createTempDirectory("fencepost-baseline");
            folder.toFile().deleteOnExit();
            present = folder.resolve("baseline");
            String source = SOURCE.toAbsolutePath().toString();
            Programs.run(
                    folder,
                    Duration.ofMinutes(1),
                    List.of("cc", "-std=gnu11", "-O2", "-o", present.toString(), source, "-lsqlite3", "-lpthread"));
            present.toFile().deleteOnExit();
            compiled = present;
        }
        return present;
    }
}
