package dev.fencepost.internal.read;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Page;
import dev.fencepost.event.EventStream;
import dev.fencepost.history.PrunedException;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.EventRow;
import dev.fencepost.internal.sql.EventTables;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.TimeTables;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables;
import java.util.Optional;

/**
 * Reads the state at one place in the order of the store. It tells pruned versions from versions that never existed. It
 * first reads the version, and only then checks whether it was pruned, because pruning is never reversed.
 */
public final class AsOfReader {
    private final Session session;
    private final long sequence;

    public AsOfReader(Session session, long sequence) {
        this.session = session;
        this.sequence = sequence;
    }

    /**
     * Returns the version of a key that was the newest, a tombstone included.
     *
     * @throws PrunedException if that version was pruned
     */
    public Optional<VersionRow> latest(String key) {
        Optional<VersionRow> found = new VersionTables(session).latestAt(key, sequence);
        if (found.isEmpty()) {
            new TimeTables(session).missing(key, sequence).ifPresent(this::refuse);
        }
        return found;
    }

    /**
     * Returns the keys with a prefix that had a value.
     *
     * @param after the name after which to begin; empty begins with the first
     * @throws PrunedException if the value of a key up to the last one found was pruned
     */
    public Page<VersionRow> list(String prefix, String after, Bounds bounds) {
        Page<VersionRow> found = new VersionTables(session).listAt(prefix, after, sequence, bounds);
        Optional<String> last = found.more() ? found.last().map(VersionRow::key) : Optional.empty();
        new TimeTables(session).missingIn(prefix, after, last, sequence).ifPresent(this::refuse);
        return found;
    }

    private void refuse(TimeTables.Missing missing) {
        throw new PrunedException("'" + missing.key() + "' as of sequence " + sequence
                + " was pruned; it can be read as of sequence " + missing.since() + " and later");
    }

    /**
     * Returns events of a stream.
     *
     * @param after the number after which to begin
     * @throws PrunedException if one of those was pruned
     * @throws InvalidInputException if the stream has no event of that number yet
     */
    public Page<EventRow> events(EventStream<?> stream, long after, Bounds bounds) {
        EventTables tables = new EventTables(session);
        Page<EventRow> found = tables.after(stream.name(), after, sequence, bounds);
        EventTables.Head head = tables.head(stream.name());
        if (after > head.events()) {
            throw new InvalidInputException("The stream '" + stream + "' has " + head.events()
                    + " events; the read begins after event " + after + ". Begin there or earlier");
        }
        if (head.keptFrom() > after + 1 && head.began() <= sequence) {
            throw new PrunedException("The stream '" + stream + "' is retained from event " + head.keptFrom()
                    + " on; the read begins after event " + after + ". Begin there, or with a saved fold");
        }
        return found;
    }
}
