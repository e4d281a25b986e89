package dev.fencepost.cli.demo;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;

/** Signals to processes, where the platform has them: through the shell, whose own {@code kill} is always there. */
final class Signals {
    private Signals() {}

    /** Whether a process can be stopped and woken here. */
    static boolean areThere() {
        try {
            return send("0", ProcessHandle.current().pid());
        } catch (IOException e) {
            // There is no such shell here, as on Windows.
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
