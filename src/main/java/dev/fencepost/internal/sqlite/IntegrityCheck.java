package dev.fencepost.internal.sqlite;

import dev.fencepost.CheckReport;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.sql.BoundsQueries;
import dev.fencepost.internal.sql.IntegrityQueries;
import dev.fencepost.internal.sql.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jdbi.v3.core.mapper.RowMapper;

/** Checks the integrity of a file: by SQLite's own check, and by the invariants of the schema and the rows. */
final class IntegrityCheck {
    private static final int MOST_FINDINGS = 20;

    private final Session session;
    private final List<String> findings = new ArrayList<>();

    private IntegrityCheck(Session session) {
        this.session = session;
    }

    /** Checks the whole file. */
    static CheckReport run(Session session) {
        return SqliteSession.of(session).withoutLimit(() -> new IntegrityCheck(session).run());
    }

    private CheckReport run() {
        examine(
                "SQLite",
                () -> texts("PRAGMA integrity_check(" + MOST_FINDINGS + ")").stream()
                        .filter(line -> !line.equals("ok"))
                        .toList());
        examine("the triggers and constraints are intact", () -> Schema.SHIPPED.differences(session));
        examine(
                "every reference leads somewhere",
                () -> findings(
                        "PRAGMA foreign_key_check",
                        (rs, ctx) -> "not that of " + rs.getString(1) + " row " + rs.getString(2)));
        examine("texts are valid UTF-8", () -> TextCheck.findings(session));
        BoundsQueries.ALL.forEach(audit -> examine(audit.law(), () -> texts(audit.query())));
        IntegrityQueries.ALL.forEach(audit -> examine(audit.law(), () -> texts(audit.query())));
        return new CheckReport(
                count("SELECT count(*) FROM keys"),
                count("SELECT count(*) FROM versions"),
                count("SELECT count(*) FROM commits"),
                findings);
    }

    private List<String> texts(String query) {
        return findings(query, (rs, ctx) -> rs.getString(1));
    }

    /** Returns the first rows only, because a badly damaged file can have more than fit into memory. */
    private List<String> findings(String query, RowMapper<String> mapper) {
        List<String> found = new ArrayList<>();
        session.whileTaken(query, (rs, ctx) -> {
            found.add(mapper.map(rs, ctx));
            return found.size() < MOST_FINDINGS;
        });
        return found;
    }

    /** Runs one examination. An unreadable page ends only this examination. */
    private void examine(String law, Supplier<List<String>> examination) {
        try {
            examination.get().stream().limit(MOST_FINDINGS).forEach(what -> findings.add(law + ": " + what));
        } catch (UnusableStoreException e) {
            findings.add(law + ": " + e.getMessage());
        }
    }

    private long count(String query) {
        try {
            return session.number(query);
        } catch (UnusableStoreException e) {
            findings.add("counting: " + e.getMessage());
            return 0;
        }
    }
}
