package dev.fencepost.verification.crash;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A record of one process's operations, line by line, in a file that survives the process. A line precedes each
 * operation, and another one records the answer. A line is one write, so a kill can tear at most the last line.
 */
final class Ledger implements AutoCloseable {
    private final FileOutputStream out;

    Ledger(Path file) throws IOException {
        out = new FileOutputStream(file.toFile(), true);
    }

    private void say(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records that the process is about to open the store. */
    void opening() {
        say("opening " + ProcessHandle.current().pid());
    }

    /** Records that the process has opened the store. All later lines are about this history of the store. */
    void opened(String history) {
        say("opened " + history);
    }

    /**
     * Records that an operation is about to be requested.
     *
     * @param rows the number of versions and events that carry its name if it takes effect
     */
    void begun(String work, int rows) {
        say("begun " + work + " " + rows);
    }

    /** Records an acknowledgement with its sequence; 0 if the sequence was not returned. */
    void acknowledged(String work, long sequence) {
        say("done " + work + " " + sequence);
    }

    /** Records a refusal: the operation must never take effect. */
    void refused(String work) {
        say("refused " + work);
    }

    /** Records the grant of a claim. */
    void granted(String key, long epoch) {
        say("granted " + key + " " + epoch);
    }

    /** Records that an operation under a claim was refused because the claim was lost. */
    void fenced(String key, long epoch) {
        say("fenced " + key + " " + epoch);
    }

    /** Records the final state of a saga, as its coordinator received it. */
    void ended(String saga, String state) {
        say("ended " + saga + " " + state);
    }

    /** Records that a store was created or found, and that a key was written to it. */
    void made(String file, String key) {
        say("made " + file + " " + key);
    }

    /** Records the beginning of a read. */
    void asked(String read) {
        say("asked " + read);
    }

    /** Records that a read was answered. */
    void served(String read) {
        say("served " + read);
    }

    /** Records that a read was refused. */
    void unread(String read) {
        say("unread " + read);
    }

    /** Records an unexpected event. */
    void odd(String what) {
        say("odd " + what.replace('\n', ' '));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
