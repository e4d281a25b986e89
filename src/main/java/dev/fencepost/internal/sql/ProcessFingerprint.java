package dev.fencepost.internal.sql;

/**
 * The identity of a process: distinguishes it from all others that ever had its pid. A part that cannot be read is
 * unknown, and is then not comparable.
 *
 * @param started start time, in clock ticks of its time namespace; empty if unknown
 * @param boot the boot of the system that it runs in; empty if unknown
 * @param namespace the pid namespace in which its pid counts; empty on platforms without namespaces
 * @param timeNamespace the time namespace in which its start time and its monotonic clock count; empty if unknown
 */
public record ProcessFingerprint(long pid, String started, String boot, String namespace, String timeNamespace) {}
