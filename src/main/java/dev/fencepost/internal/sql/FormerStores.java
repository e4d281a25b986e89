package dev.fencepost.internal.sql;

import dev.fencepost.LostHistoryException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The ids of the histories that a file had before it was restored or adopted. Immutable. */
public final class FormerStores {
    /** No former histories. */
    public static final FormerStores NONE = new FormerStores(Map.of());

    private final Map<String, Former> former;

    /**
     * One former history.
     *
     * @param endedAt the time of its end, in milliseconds since 1970
     * @param how the command that ended it
     */
    public record Former(String storeId, long endedAt, String how) {}

    private FormerStores(Map<String, Former> former) {
        this.former = former;
    }

    /** Reads all former histories of a file. */
    public static List<Former> all(Session session) {
        return session.all(
                "SELECT store_id, ended_at, how FROM former_stores",
                (rs, ctx) -> new Former(rs.getString(1), rs.getLong(2), rs.getString(3)));
    }

    /** Reads the former histories of a file. */
    public static FormerStores of(Session session) {
        return new FormerStores(all(session).stream().collect(Collectors.toMap(Former::storeId, Function.identity())));
    }

    /** Tells whether an id is one of a former history. */
    public boolean contains(String storeId) {
        return former.containsKey(storeId);
    }

    /**
     * Refuses an object that belongs to a former history.
     *
     * @param what the name of the object for the message, capitalised
     * @throws LostHistoryException if the ID is one of a former history; an unknown ID passes
     */
    public void refuse(String storeId, String what) {
        Former found = former.get(storeId);
        if (found != null) {
            throw new LostHistoryException(what + " belongs to the history " + storeId + ", which '" + found.how()
                    + "' replaced at " + Instant.ofEpochMilli(found.endedAt())
                    + ". It is refused permanently; get a new one from the store");
        }
    }
}
