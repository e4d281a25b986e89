package dev.fencepost;

import java.time.Instant;

/**
 * The number and the origin of one version.
 *
 * @param version the number of the version; each key counts from 1 and never reuses a number
 * @param sequence the place of the commit in the order of the whole store; some numbers are left out
 * @param writer the name of the agent
 * @param committedAt the time of the commit by the writer's clock, in milliseconds; for people, never for ordering
 */
public record VersionInfo(long version, long sequence, String writer, Instant committedAt) {}
