package dev.fencepost.benchmarks.report;

/** A subject that could not be measured, and the reason. */
public record Skipped(String subject, String why) {}
