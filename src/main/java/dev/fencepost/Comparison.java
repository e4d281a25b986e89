package dev.fencepost;

/**
 * Two versions of a key beside each other.
 *
 * @param same whether both have the same value, or are both tombstones
 */
public record Comparison<T>(Change<T> from, Change<T> to, boolean same) {}
