package dev.fencepost.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Signals to processes, and their effects according to the operating system. */
public final class Signals {
    private Signals() {}

    /** Sends a signal; does nothing if the process has ended. */
    public static void send(String name, long pid) {
        ExternalProgram.succeeds("kill", "-" + name, Long.toString(pid));
    }

    /** Tells whether /proc shows that a process is stopped; {@code ps} is too slow for a stop in the middle of a call. */
    public static boolean areSeenAtOnce() {
        return Files.exists(Path.of("/proc/self/stat"));
    }

    /** Waits until all threads of a process are stopped or the process has ended; returns whether it is stopped. */
    public static boolean awaitStopped(ProcessHandle process) {
        while (process.isAlive()) {
            if (isStopped(process.pid())) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private static boolean isStopped(long pid) {
        if (!areSeenAtOnce()) {
            ProcessBuilder state = new ProcessBuilder("ps", "-o", "state=", "-p", Long.toString(pid));
            return ExternalProgram.run(state).text().startsWith("T");
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The state letter follows the name; it is lower case for a tracing stop.
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'T' || state == 't';
        } catch (IOException e) {
            // The process ended before the read (no such file) or during it (no such process).
            return false;
        }
    }
}
