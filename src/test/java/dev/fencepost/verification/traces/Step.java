package dev.fencepost.verification.traces;

import dev.fencepost.internal.commit.TableTrace;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A recorded step: the action, its outcome, and its parts.
 *
 * @param number the number of the step in the file
 * @param sequence the sequence of its commit; 0 if it made none
 */
record Step(long number, long sequence, long process, Row what, List<Row> parts) {
    /** One row; fields that do not apply are empty. */
    record Row(
            String what,
            String how,
            Optional<Long> claim,
            Optional<Long> saga,
            Optional<String> key,
            Optional<Long> epoch,
            Optional<Long> was,
            Optional<Long> version,
            Optional<Long> expects) {
        /** Creates a row about a claim alone. */
        static Row of(String what, String how, Optional<Long> claim) {
            Optional<Long> none = Optional.empty();
            return new Row(what, how, claim, none, Optional.empty(), none, none, none, none);
        }

        boolean isWrite() {
            return what.equals("put") || what.equals("delete");
        }

        Row judged(String other) {
            return new Row(what, other, claim, saga, key, epoch, was, version, expects);
        }

        Row withEpoch(long other) {
            return new Row(what, how, claim, saga, key, Optional.of(other), was, version, expects);
        }

        Row withVersions(long before, long after) {
            return new Row(what, how, claim, saga, key, epoch, Optional.of(before), Optional.of(after), expects);
        }
    }

    Step {
        parts = List.copyOf(parts);
    }

    static List<Step> of(Path file) throws SQLException {
        Map<Long, Step> steps = new LinkedHashMap<>();
        // The model checker counts only up to 2^31, and the IDs of processes are larger.
        Map<Long, Long> processes = new HashMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                Statement checking = connection.createStatement();
                ResultSet findings = checking.executeQuery(TableTrace.FINDINGS);
                ResultSet rows = statement.executeQuery("SELECT * FROM protocol_trace ORDER BY id")) {
            if (findings.next()) {
                throw new AssertionError(findings.getString(1));
            }
            while (rows.next()) {
                long number = rows.getLong("step");
                Row row = row(rows);
                Step before = steps.get(number);
                long process = processes.computeIfAbsent(rows.getLong("process"), any -> processes.size() + 1L);
                steps.put(
                        number,
                        before == null
                                ? new Step(number, rows.getLong("sequence"), process, row, List.of())
                                : before.with(Stream.concat(before.parts.stream(), Stream.of(row))
                                        .toList()));
            }
        }
        return new ArrayList<>(steps.values());
    }

    private static Row row(ResultSet rows) throws SQLException {
        return new Row(
                rows.getString("action"),
                rows.getString("outcome"),
                number(rows, "claim"),
                number(rows, "saga"),
                Optional.ofNullable(rows.getString("key")),
                number(rows, "epoch"),
                number(rows, "version_before"),
                number(rows, "version"),
                number(rows, "expected_version"));
    }

    private static Optional<Long> number(ResultSet rows, String column) throws SQLException {
        long number = rows.getLong(column);
        return rows.wasNull() ? Optional.empty() : Optional.of(number);
    }

    Step with(List<Row> otherParts) {
        return new Step(number, sequence, process, what, otherParts);
    }

    Step with(Row otherWhat) {
        return new Step(number, sequence, process, otherWhat, parts);
    }

    boolean is(String kind) {
        return what.what().equals(kind);
    }

    boolean is(String kind, String how) {
        return is(kind) && what.how().equals(how);
    }

    List<Row> parts(Predicate<Row> which) {
        return parts.stream().filter(which).toList();
    }

    List<Row> writes() {
        return parts(Row::isWrite);
    }

    List<Row> keys() {
        return parts(row -> row.key().isPresent());
    }

    /** Returns the claims that fenced it or that it was about. */
    List<Long> claims() {
        return Stream.concat(
                        what.claim().stream(),
                        parts(row -> row.what().equals("under")).stream().flatMap(row -> row.claim().stream()))
                .toList();
    }

    List<Row> ended() {
        return parts(row -> row.what().equals("ended"));
    }
}
