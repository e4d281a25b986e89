package dev.fencepost;

/**
 * What a run of {@link Retention} has let go.
 *
 * @param versions how many versions of keys
 * @param events how many events of streams
 * @param pages how many pages of the file go back to the file system, some thousand bytes each
 */
public record Trimmed(long versions, long events, long pages) {}
