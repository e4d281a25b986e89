package dev.fencepost.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system says of a process, where it says so. */
public final class ProcessState {
    private ProcessState() {}

    /** Whether it can be asked here. */
    public static boolean isTold() {
        return Files.exists(Path.of("/proc/self/stat"));
    }

    /** Waits until all its threads stand still, or it has ended; says whether it stands. */
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
            // The first letter after the name; small if it stands for a tracer.
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'T' || state == 't';
        } catch (IOException e) {
            // It ended before it was asked (no such file), or while it was (no such process).
            return false;
        }
    }
}
