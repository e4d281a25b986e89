package dev.fencepost;

/**
 * What a fold came to.
 *
 * @param number of the newest event in it; 0 if there is none
 */
public record FoldState<S>(S state, long number) {}
