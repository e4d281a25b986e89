package dev.fencepost.internal.sql;

import dev.fencepost.Page;
import java.util.Optional;

/**
 * The bounds of one read of rows.
 *
 * @param entries the maximum number of rows, at least 1
 * @param bytes the maximum length of the text, in bytes of UTF-8; the first row is read even if it is longer
 * @param whole the list that is refused if it does not fit; empty for a page
 */
public record Bounds(int entries, long bytes, Optional<Listing> whole) {
    /** Returns the bounds of a page of at most {@code entries} rows. */
    public static Bounds page(int entries) {
        return new Bounds(entries, Page.MAX_BYTES, Optional.empty());
    }

    /** Returns bounds that no commit exceeds. A writer had the whole commit in memory. */
    public static Bounds oneCommit() {
        return new Bounds(Integer.MAX_VALUE - 1, Long.MAX_VALUE, Optional.empty());
    }

    /** Returns the bounds of the first page of the same list. */
    Bounds firstPage() {
        return whole.isEmpty() ? this : page(entries);
    }
}
