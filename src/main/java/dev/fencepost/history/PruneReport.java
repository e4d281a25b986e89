package dev.fencepost.history;

/**
 * The result of a run of {@link Retention}.
 *
 * @param versions the number of versions of keys that were pruned
 * @param events the number of events that were pruned
 * @param claims the number of ended claims that were pruned
 * @param pages the number of pages of the file that return to the file system, some thousand bytes each
 */
public record PruneReport(long versions, long events, long claims, long pages) {
    /** Creates the result of a run that pruned no claims. */
    public PruneReport(long versions, long events, long pages) {
        this(versions, events, 0, pages);
    }
}
