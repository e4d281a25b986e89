package dev.fencepost.proof.torture;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What one process says of its work, line by line, in a file that outlives it: before each piece of work that it begins it, and
 * afterwards how it was answered. A line is one write, so that a kill leaves whole lines, and at most a part of the last one.
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

    /** The process of this ledger is about to open the store. */
    void opening() {
        say("opening " + ProcessHandle.current().pid());
    }

    /** The writer of this ledger has the store open. All that follows is about this history of the store. */
    void opened(String history) {
        say("opened " + history);
    }

    /**
     * A piece of work is about to be asked for.
     *
     * @param rows how many versions and events carry its name if it is done
     */
    void begun(String work, int rows) {
        say("begun " + work + " " + rows);
    }

    /** It was acknowledged, at a place in the order of the store, or at 0 if that was not told. */
    void acknowledged(String work, long sequence) {
        say("done " + work + " " + sequence);
    }

    /** It was refused: it must never be there. */
    void refused(String work) {
        say("refused " + work);
    }

    /** A claim was granted. */
    void granted(String key, long epoch) {
        say("granted " + key + " " + epoch);
    }

    /** What was asked for under a claim was refused, since the claim was lost. */
    void fenced(String key, long epoch) {
        say("fenced " + key + " " + epoch);
    }

    /** A saga has ended, as its coordinator was told. */
    void ended(String saga, String state) {
        say("ended " + saga + " " + state);
    }

    /** A store was made, or found made, and a key written into it. */
    void made(String file, String key) {
        say("made " + file + " " + key);
    }

    /** A read was begun. */
    void asked(String read) {
        say("asked " + read);
    }

    /** A read was answered. */
    void served(String read) {
        say("served " + read);
    }

    /** A read was refused. */
    void unread(String read) {
        say("unread " + read);
    }

    /** Something that should not have happened. */
    void odd(String what) {
        say("odd " + what.replace('\n', ' '));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
