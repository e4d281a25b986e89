package dev.fencepost.benchmarks.report;

/** Something that could not be measured, and why. */
public record Skipped(String subject, String why) {}
