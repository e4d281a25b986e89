package dev.fencepost.benchmarks.peers;

import dev.fencepost.benchmarks.run.Costs;
import dev.fencepost.benchmarks.run.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The coordinator of the Python package agent-coherence, in threads of one Python process, with a SQLite file that keeps
 * all versions. Its commits survive the death of the process, but not the loss of power.
 */
final class AgentCoherenceSubject implements Subject {
    private static final Path SOURCE = Path.of("benchmarks", "python", "agent_coherence.py");
    private static final String MODULE = "ccs.coordinator.sqlite_registry";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TALLY = "SELECT (SELECT sum(version) FROM artifacts),"
            + " (SELECT count(*) FROM artifact_versions), (SELECT count(*) FROM artifact_versions"
            + " WHERE CAST(substr(content, 1, " + BenchmarkValues.DIGITS + ") AS INTEGER) <> version + "
            + BenchmarkValues.BASE + ")";

    @Override
    public String label() {
        return "agent-coherence";
    }

    @Override
    public Optional<String> absence(Path parent) throws InterruptedException {
        if (Programs.find("python3").isEmpty()) {
            return Optional.of("no python3 on the path");
        } else if (!Files.exists(SOURCE)) {
            return Optional.of("no " + SOURCE + " in the present folder; run it from the root of the repository");
        }
        try {
            Programs.run(parent, PATIENCE, List.of("python3", "-c", "import " + MODULE));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("python3 has no module " + MODULE + "; it is in PyPI's package agent-coherence");
        }
    }

    @Override
    public boolean startsSlowly() {
        return false;
    }

    @Override
    public int maxThreads() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public Outcome measure(Path folder, LoadSpec load) throws Exception {
        Path file = folder.resolve("state.db");
        List<String> command = List.of(
                "python3",
                SOURCE.toAbsolutePath().toString(),
                file.toString(),
                Integer.toString(load.keys()),
                Integer.toString(load.threads()),
                Long.toString(load.warmUp().toMillis()),
                Long.toString(load.length().toMillis()),
                Costs.statistics(folder).map(Path::toString).orElse("-"));
        Duration longest = PATIENCE.plus(load.warmUp()).plus(load.length());
        Outcome outcome = Outcome.parse(Programs.run(folder, longest, command));
        tally(file, load.keys()).mustAddUpTo(outcome.acknowledged(), label());
        return outcome;
    }

    private static VerificationTotals tally(Path file, int keys) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TALLY)) {
            return new VerificationTotals(row.getLong(1) - keys, row.getLong(2) - keys, row.getLong(3));
        }
    }

    @Override
    public String toString() {
        return label();
    }
}
