package dev.fencepost.internal.sql;

import dev.fencepost.CheckReport;
import java.util.ArrayList;
import java.util.List;

/** Examines a file: SQLite's own check, and whether what the laws promise holds in the rows. */
public final class Audit {
    private static final int MOST_FINDINGS = 20;

    private Audit() {}

    /** Reads the whole file. */
    public static CheckReport run(Session session) {
        List<String> findings = new ArrayList<>();
        session.all("PRAGMA integrity_check(" + MOST_FINDINGS + ")", (rs, ctx) -> rs.getString(1)).stream()
                .filter(line -> !line.equals("ok"))
                .forEach(line -> findings.add("SQLite: " + line));
        Statements.AUDITS.forEach((law, query) -> session.all(query, (rs, ctx) -> rs.getString(1)).stream()
                .limit(MOST_FINDINGS)
                .forEach(what -> findings.add(law + ": " + what)));
        return new CheckReport(
                session.number(Statements.COUNT_KEYS),
                session.number(Statements.COUNT_VERSIONS),
                session.number(Statements.COUNT_COMMITS),
                findings);
    }
}
