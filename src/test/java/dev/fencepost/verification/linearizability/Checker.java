package dev.fencepost.verification.linearizability;

import java.util.ArrayList;
import java.util.List;

/** Checks a recording against the laws. */
final class Checker {
    private Checker() {}

    /** Returns the violations of laws; empty if there are none. */
    static List<String> check(Recording recording) {
        Versions versions = new Versions(recording);
        List<String> wrong = new ArrayList<>(versions.wrong());
        wrong.addAll(RegisterChecker.check(recording.operations()));
        wrong.addAll(Dependencies.check(recording, versions));
        wrong.addAll(Fencing.check(recording, versions));
        wrong.addAll(Ledger.check(recording, versions));
        return wrong;
    }
}
