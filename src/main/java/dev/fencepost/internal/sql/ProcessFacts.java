package dev.fencepost.internal.sql;

/**
 * What tells one process from all others that ever had its pid.
 *
 * @param started when the system says that it began; empty if the system does not say
 * @param boot which boot of the system it runs in; empty if the system does not say
 * @param namespace in which pid namespace its pid counts; empty if the system has none
 */
public record ProcessFacts(long pid, String started, String boot, String namespace) {}
