package dev.fencepost;

/**
 * What a run of {@link Retention} has let go.
 *
 * @param versions how many versions of keys
 * @param events how many events of streams
 * @param claims how many claims that had ended
 * @param pages how many pages of the file go back to the file system, some thousand bytes each
 */
public record PruneReport(long versions, long events, long claims, long pages) {
    /** Creates the result of a run that pruned no claims. */
    public PruneReport(long versions, long events, long pages) {
        this(versions, events, 0, pages);
    }
}
