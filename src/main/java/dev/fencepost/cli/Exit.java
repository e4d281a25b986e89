package dev.fencepost.cli;

/** The exit codes, which are part of the interface: scripts branch on them. */
final class Exit {
    static final int DONE = 0;
    static final int UNEXPECTED = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int CONFLICT = 4;
    static final int BUSY = 5;
    static final int FENCED = 6;
    static final int REFUSED = 7;
    /** The exit code of shells, {@code env} and {@code timeout} for a command that cannot be started. */
    static final int NOT_STARTED = 127;

    private Exit() {}
}
