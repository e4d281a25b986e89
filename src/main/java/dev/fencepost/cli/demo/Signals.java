package dev.fencepost.cli.demo;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;

/**
 * Sends signals to processes if the platform has them, through the shell, whose built-in {@code kill} always exists.
 */
final class Signals {
    private Signals() {}

    /** Returns whether a process can be stopped and continued on this platform. */
    static boolean areThere() {
        try {
            return send("0", ProcessHandle.current().pid());
        } catch (IOException e) {
            // The platform has no such shell, like Windows.
            return false;
        }
    }

    static boolean send(String signal, long pid) throws IOException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        try {
            return kill.waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("Interrupted while sending a signal");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
