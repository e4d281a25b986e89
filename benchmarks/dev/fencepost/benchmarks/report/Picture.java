package dev.fencepost.benchmarks.report;

/**
 * A picture that was drawn.
 *
 * @param file its place, relative to the report
 * @param title what it shows, in words
 */
record Picture(String file, String title) {}
