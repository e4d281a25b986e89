package dev.fencepost.internal.sql;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Page;
import java.util.Optional;

/**
 * A list that can be read as a whole or in pages.
 *
 * @param what the name of the list, for a message: "The list of ..."
 * @param pages the method that returns pages
 */
public record Listing(String what, String pages) {
    public static Listing keys(String prefix) {
        return new Listing("The list of the keys with the prefix '" + prefix + "'", "list(prefix, after, limit)");
    }

    public static Listing events(String stream) {
        return new Listing("The list of the events of '" + stream + "'", "events(stream, after, limit)");
    }

    public static Listing versions(String key) {
        return new Listing("The history of '" + key + "'", "of(key, before, limit)");
    }

    public static Listing beliefs(String key, long version) {
        return new Listing(
                "The list of what version " + version + " of '" + key + "' depends on",
                "dependencies(key, version, after, limit)");
    }

    public static Listing refusals() {
        return new Listing("The list of refusals", "refusals(before, limit)");
    }

    public static Listing cursors() {
        return new Listing("The list of cursors", "cursors(after, limit)");
    }

    public static Listing rules() {
        return new Listing("The list of retention rules", "the table retention_rules, at a SQL prompt");
    }

    public static Listing claims() {
        return new Listing("The list of claims", "claims(after, limit)");
    }

    public static Listing sagas() {
        return new Listing(
                "The list of sagas", "list(ended, after, limit), or sagas(ended, after, limit) of a snapshot");
    }

    public static Listing journal(String saga) {
        return new Listing("The journal of the saga '" + saga + "'", "find(id, after, limit)");
    }

    /** Returns the bounds of the list as a whole. */
    public Bounds whole() {
        return new Bounds(Page.MAX_ENTRIES, Page.MAX_LIST_BYTES, Optional.of(this));
    }

    /**
     * Returns the bounds of a page of entries that are numbered from 1.
     *
     * @throws InvalidInputException if the number is negative, or the limit is not from 1 to {@link Page#MAX_ENTRIES}
     */
    public Bounds page(long after, int limit) {
        if (after < 0) {
            throw new InvalidInputException(
                    what + " is read after number " + after + "; it must be 0 or more. 0 begins with the first");
        }
        return page(limit);
    }

    /**
     * Returns the bounds of a page.
     *
     * @throws InvalidInputException if the limit is not from 1 to {@link Page#MAX_ENTRIES}
     */
    public Bounds page(int limit) {
        if (limit < 1 || limit > Page.MAX_ENTRIES) {
            throw new InvalidInputException(what + " is read with the limit " + limit + "; it must be from 1 to "
                    + Page.MAX_ENTRIES + ". Read further pages for more");
        }
        return Bounds.page(limit);
    }
}
