package dev.fencepost;

/**
 * A comparison of two versions of a key.
 *
 * @param same whether both have the same value, or both are tombstones
 */
public record Comparison<T>(Change<T> from, Change<T> to, boolean same) {}
