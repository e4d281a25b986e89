package dev.fencepost;

import java.time.Instant;

/**
 * Which version something is, and how it came about.
 *
 * @param version counts the versions of one key from 1; never reused
 * @param sequence the place of the commit in the order of the whole store
 * @param writer the name of the agent
 * @param committedAt when, by the writer's clock, in milliseconds; for people, never for ordering
 */
public record VersionInfo(long version, long sequence, String writer, Instant committedAt) {}
