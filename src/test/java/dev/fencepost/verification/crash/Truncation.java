package dev.fencepost.verification.crash;

import dev.fencepost.verification.crash.AcknowledgedOperations.Answer;
import dev.fencepost.verification.crash.AcknowledgedOperations.Work;
import dev.fencepost.verification.crash.Rows.Row;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The rule of truncations: an operation that begins after one is refused, or is in the file. */
final class Truncation {
    private Truncation() {}

    private static Stream<Work> after(AcknowledgedOperations told, String history, Map<String, Long> lengths) {
        return told.works().values().stream()
                .filter(work -> work.begun().history().equals(history)
                        && work.answer() == Answer.ACKNOWLEDGED
                        && !work.begun().isBefore(lengths));
    }

    /** Returns the operations that began after a truncation, were acknowledged, and are not in the file. */
    static List<String> missing(Path file, AcknowledgedOperations told, String history, Map<String, Long> lengths)
            throws SQLException {
        Set<String> there = new HashSet<>();
        try (Rows rows = new Rows(file)) {
            rows.versions().stream().map(Row::text).forEach(text -> there.add(Keys.work(text)));
            rows.events().stream().map(Row::text).forEach(there::add);
        }
        return after(told, history, lengths)
                .filter(work -> !there.contains(work.name()))
                .map(work -> "acknowledged after the truncation, and not there: " + work)
                .toList();
    }

    /** Returns the operations that began after a truncation to an unreadable file, and were acknowledged. */
    static List<String> acknowledged(AcknowledgedOperations told, String history, Map<String, Long> lengths) {
        return after(told, history, lengths)
                .map(work -> "acknowledged after the truncation of a file that cannot be read: " + work)
                .toList();
    }
}
