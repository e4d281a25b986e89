package dev.fencepost.internal.sql;

import dev.fencepost.Page;
import java.util.Optional;

/**
 * The bounds of one reading of rows.
 *
 * @param entries the most rows, at least 1
 * @param bytes the most text, in bytes of UTF-8; the first row is read whatever its length is
 * @param whole the list that is refused if it does not fit; empty for a page
 */
public record Bounds(int entries, long bytes, Optional<Listing> whole) {
    /** Returns the bounds of a page of at most so many rows. */
    public static Bounds page(int entries) {
        return new Bounds(entries, Page.MAX_BYTES, Optional.empty());
    }

    /** Returns bounds that one commit cannot exceed: it was in the memory of a writer as a whole. */
    public static Bounds oneCommit() {
        return new Bounds(Integer.MAX_VALUE - 1, Long.MAX_VALUE, Optional.empty());
    }

    /** Returns the bounds of the first page of the same list. */
    Bounds firstPage() {
        return whole.isEmpty() ? this : page(entries);
    }
}
