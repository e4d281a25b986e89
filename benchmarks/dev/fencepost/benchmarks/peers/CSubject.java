package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * SQLite in C with prepared statements, in one thread: the upper bound. It uses the SQLite of the machine, which may be
 * older than that of the library.
 */
final class CSubject implements Subject {
    private static final Pattern PRINTED =
            Pattern.compile("acknowledged=(\\d+) counted=(\\d+) seconds=([0-9.]+) sqlite=\\S+\\s*");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The tables that the program uses. */
    enum Way {
        /** A store with its defensive triggers, in as few statements as they permit. */
        SCHEMA("c-sqlite"),
        /**
         * The same tables without triggers, kept consistent by the program. The difference is the cost of the file's
         * defence.
         */
        BARE("c-sqlite-bare"),
        /** Two plain tables, one conditional statement, and a trigger that appends to the history: the limit. */
        MINIMAL("c-sqlite-minimal");

        private final String subject;

        Way(String subject) {
            this.subject = subject;
        }

        private String argument() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Way way;

    CSubject(Way way) {
        this.way = way;
    }

    @Override
    public String name() {
        return way.subject;
    }

    @Override
    public String toString() {
        return name();
    }

    @Override
    public Optional<String> absence(Path parent) {
        return CProgram.absence();
    }

    @Override
    public boolean startsSlowly() {
        return false;
    }

    @Override
    public int mostThreads() {
        return 1;
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public Outcome measure(Path folder, LoadSpec load) throws Exception {
        if (load.threads() > mostThreads()) {
            throw new IllegalArgumentException(name() + " has one thread, not " + load.threads());
        }
        if (way != Way.MINIMAL) {
            FencepostPeer.fill(folder, load.keys());
        }
        Path program = CProgram.compiled();
        Path file = folder.resolve(FencepostPeer.FILE);
        Duration longest = PATIENCE.plus(load.warmUp()).plus(load.length());
        Outcome outcome = parse(Programs.run(folder, longest, command(program, file, load)), load);
        PlainTables.tally(file, load.keys()).mustAddUpTo(outcome.acknowledged(), name());
        return outcome;
    }

    private List<String> command(Path program, Path file, LoadSpec load) {
        return List.of(
                program.toString(),
                way.argument(),
                file.toString(),
                load.durability() == Durability.POWER_LOSS ? "full" : "normal",
                Integer.toString(load.keys()),
                Long.toString(load.warmUp().toMillis()),
                Long.toString(load.length().toMillis()));
    }

    private static Outcome parse(String printed, LoadSpec load) throws IOException {
        Matcher matcher = PRINTED.matcher(printed);
        if (!matcher.matches()) {
            throw new IOException("the program in C printed what is not understood: " + printed);
        }
        Duration length = Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(3)) * 1e9));
        long acknowledged = Long.parseLong(matcher.group(1));
        List<Long> counted = List.of(Long.parseLong(matcher.group(2)));
        return new Outcome(counted, acknowledged, 0, length, new Histogram(3));
    }
}
