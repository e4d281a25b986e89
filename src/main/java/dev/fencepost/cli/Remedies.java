package dev.fencepost.cli;

import java.util.List;

/** Remedies in errors of the library, in terms of the command line. */
final class Remedies {
    /** A part of a message that names a method of the library, and its replacement for the command line. */
    private record Remedy(String library, String commandLine) {}

    private static final List<Remedy> REMEDIES = List.of(
            new Remedy("withUntrustedFileSystem(true)", "--untrusted-file-system"),
            new Remedy(". Use a longer lease, or open the store with a shorter heartbeat", ". Use a longer --lease"),
            new Remedy(", or open the store with a higher limit", ""));

    private Remedies() {}

    /** Returns a message of the library without methods that the command line does not have. */
    static String translate(String message) {
        String text = message;
        for (Remedy remedy : REMEDIES) {
            text = text.replace(remedy.library(), remedy.commandLine());
        }
        return text;
    }
}
