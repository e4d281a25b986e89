package dev.fencepost.internal.sqlite;

import dev.fencepost.ValueTooLongException;
import dev.fencepost.internal.sql.Session;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the text that was too long for a statement. SQLite refuses to load it and does not identify it. The lengths of
 * texts can be read without loading them.
 */
final class LongTexts {
    private static final String VALUES = """
            SELECT 'The value of ''' || k.key || ''', version ' || v.version || ',', octet_length(v.value)
            FROM versions v JOIN keys k ON k.id = v.key_id
            WHERE octet_length(v.value) > ? AND k.key >= ? AND k.key <= ? ORDER BY v.id DESC LIMIT 1""";

    private static final String EVENTS = """
            SELECT 'The event ''' || e.event_id || ''' of the stream ''' || h.stream || '''', octet_length(e.body)
            FROM events e JOIN streams h ON h.id = e.stream_id
            WHERE octet_length(e.body) > ? AND h.stream >= ? AND h.stream <= ? ORDER BY e.id DESC LIMIT 1""";

    private static final String SAGAS = """
            SELECT 'The input of the saga ''' || saga || '''', octet_length(input) FROM sagas
            WHERE octet_length(input) > ?1
            UNION ALL SELECT 'Entry ' || e.number || ' of the saga ''' || r.saga || '''', octet_length(e.detail)
            FROM saga_journal e JOIN sagas r ON r.id = e.saga_id WHERE octet_length(e.detail) > ?1
            UNION ALL SELECT 'A task of the step ''' || w.step || ''' of the saga ''' || r.saga || '''',
              max(octet_length(w.input), ifnull(octet_length(w.output), 0))
            FROM saga_tasks w JOIN sagas r ON r.id = w.saga_id
            WHERE octet_length(w.input) > ?1 OR octet_length(w.output) > ?1 LIMIT 1""";

    private static final String FOLDS = """
            SELECT 'The state of the fold ''' || f.fold || ''' of the stream ''' || h.stream || '''',
              octet_length(f.state)
            FROM fold_states f JOIN streams h ON h.id = f.stream_id WHERE octet_length(f.state) > ? LIMIT 1""";

    /** The upper bound of the range of all names. */
    private static final String LAST = new String(Character.toChars(Character.MAX_CODE_POINT));

    private final Session session;
    private final long limit;

    LongTexts(Session session, long limit) {
        this.session = session;
        this.limit = limit;
    }

    /**
     * Returns the error for a statement that met a text beyond the limit.
     *
     * @param sql the statement
     * @param args the arguments of the statement; the texts among them are a key, a stream, or both ends of a range
     */
    ValueTooLongException error(String sql, @Nullable Object[] args, Throwable cause) {
        List<String> names = Stream.of(args)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
        String first = names.isEmpty() ? "" : names.get(0);
        String last = names.isEmpty() ? LAST : names.get(names.size() - 1);
        boolean ofEvents = sql.contains(" events e ");
        String read = ofEvents ? EVENTS : VALUES;
        String other = ofEvents ? VALUES : EVENTS;
        return find(read, cause, limit, first, last)
                .or(() -> find(read, cause, limit, "", LAST))
                .or(() -> find(other, cause, limit, "", LAST))
                .or(() -> find(SAGAS, cause, limit))
                .or(() -> find(FOLDS, cause, limit))
                .orElseGet(() -> new ValueTooLongException("A text", 0, limit, cause));
    }

    private Optional<ValueTooLongException> find(String query, Throwable cause, @Nullable Object... args) {
        return session.first(
                query, (rs, ctx) -> new ValueTooLongException(rs.getString(1), rs.getLong(2), limit, cause), args);
    }
}
