package dev.fencepost.benchmarks.report;

/** Something that could not be measured, and why. */
public record Absence(String subject, String why) {}
