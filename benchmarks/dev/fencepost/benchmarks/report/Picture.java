package dev.fencepost.benchmarks.report;

/**
 * A drawn picture.
 *
 * @param file its path, relative to the report
 * @param title its subject in words
 */
record Picture(String file, String title) {}
