package dev.fencepost.event;

/**
 * The state of a fold after some of the events.
 *
 * @param number the number of the newest event in the state; 0 if there is none
 */
public record FoldState<S>(S state, long number) {}
