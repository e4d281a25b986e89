package dev.fencepost.internal.sqlite;

import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.StrictText;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Finds texts in a file that are not valid UTF-8. Reads long texts in pieces. */
final class TextCheck {
    /** The size in bytes up to which a text is read at once. */
    private static final int PIECE = 1024 * 1024;

    private static final int MOST_FINDINGS = 20;

    /**
     * A column of texts.
     *
     * @param row an SQL expression that names a row of the table
     * @param numbered whether the rows have numbers, by which a long text is read in pieces
     */
    private record Column(String table, String name, String row, boolean numbered) {}

    private record Found(String row, long number, boolean isLong, boolean valid) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("keys", "key", "'key ' || id", true),
            new Column("log", "value", "'version ' || version || ' of key ' || key_id", true),
            new Column("log", "agent", "'commit ' || id", true),
            new Column("processes", "start_time", "'process ' || id", true),
            new Column("processes", "boot_id", "'process ' || id", true),
            new Column("processes", "pid_namespace", "'process ' || id", true),
            new Column("claims", "agent", "'claim ' || id", true),
            new Column("claims", "nonce", "'claim ' || id", true),
            new Column("claim_requests", "agent", "'request ' || id", true),
            new Column("streams", "stream", "'stream ' || id", true),
            new Column("events", "event_id", "'event ' || id", true),
            new Column("events", "body", "'event ' || id", true),
            new Column("fold_states", "fold", "'a fold of stream ' || stream_id", false),
            new Column("fold_states", "state", "'a fold of stream ' || stream_id", false),
            new Column("cursors", "cursor", "'cursor ' || id", true),
            new Column("cursors", "prefix", "'cursor ' || id", true),
            new Column("retention_rules", "prefix", "'rule ' || rowid", true),
            new Column("retention_rules", "agent", "'rule ' || rowid", true),
            new Column("commit_dependencies", "name", "'a read of commit ' || sequence", false),
            new Column("refusals", "agent", "'refusal ' || id", true),
            new Column("refusals", "kind", "'refusal ' || id", true),
            new Column("refusals", "name", "'refusal ' || id", true),
            new Column("refusals", "blocked_by", "'refusal ' || id", true),
            new Column("refusals", "message", "'refusal ' || id", true),
            new Column("sagas", "saga", "'saga ' || id", true),
            new Column("sagas", "definition", "'saga ' || id", true),
            new Column("sagas", "input", "'saga ' || id", true),
            new Column("saga_journal", "step", "'entry ' || number || ' of saga ' || saga_id", true),
            new Column("saga_journal", "detail", "'entry ' || number || ' of saga ' || saga_id", true),
            new Column("saga_tasks", "step", "'task ' || id", true),
            new Column("saga_tasks", "role", "'task ' || id", true),
            new Column("saga_tasks", "input", "'task ' || id", true),
            new Column("saga_tasks", "output", "'task ' || id", true));

    private final Session session;
    private final List<String> findings = new ArrayList<>();

    private TextCheck(Session session) {
        this.session = session;
    }

    /** Returns a sentence for each text that is not valid, at most 20. */
    static List<String> findings(Session session) {
        TextCheck audit = new TextCheck(session);
        COLUMNS.forEach(audit::examine);
        return audit.findings.stream().limit(MOST_FINDINGS).toList();
    }

    private void examine(Column column) {
        String name = '"' + column.name() + '"';
        String query = "SELECT " + column.row() + ", " + (column.numbered() ? "rowid" : "0") + ", octet_length(" + name
                + ") > " + PIECE + ", iif(octet_length(" + name + ") > " + PIECE + ", NULL, CAST(" + name
                + " AS BLOB)) FROM " + column.table() + " WHERE " + name + " IS NOT NULL";
        List<Found> doubtful = new ArrayList<>();
        session.all(query, (rs, ctx) -> {
            boolean isLong = rs.getBoolean(3);
            boolean valid = !isLong && StrictText.isValid(rs.getBytes(4));
            if (!valid) {
                doubtful.add(new Found(rs.getString(1), rs.getLong(2), isLong, false));
            }
            return valid;
        });
        doubtful.stream()
                .filter(found -> !found.isLong() || (column.numbered() && !isValid(column, found.number())))
                .forEach(found -> findings.add("the " + column.name() + " of " + found.row() + " in " + column.table()
                        + " is not valid UTF-8"));
    }

    private boolean isValid(Column column, long number) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        String query = "SELECT substr(CAST(\"" + column.name() + "\" AS BLOB), ?, " + PIECE + ") FROM " + column.table()
                + " WHERE rowid = ?";
        CharBuffer characters = CharBuffer.allocate(2 * PIECE);
        ByteBuffer rest = ByteBuffer.allocate(0);
        for (long at = 1; ; at += PIECE) {
            byte[] piece = session.first(query, (rs, ctx) -> rs.getBytes(1), at, number)
                    .orElse(new byte[0]);
            ByteBuffer bytes = ByteBuffer.allocate(rest.remaining() + piece.length)
                    .put(rest)
                    .put(piece)
                    .flip();
            characters.clear();
            if (decoder.decode(bytes, characters, piece.length == 0).isError()) {
                return false;
            }
            if (piece.length == 0) {
                return true;
            }
            rest = bytes;
        }
    }
}
