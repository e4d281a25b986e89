package dev.fencepost.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The state of a process according to the operating system, where the system exposes it. */
public final class ProcessState {
    private ProcessState() {}

    /** Tells whether the state can be read on this host. */
    public static boolean isTold() {
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
