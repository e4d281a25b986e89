package dev.fencepost.proof.history;

import java.util.ArrayList;
import java.util.List;

/** Holds a recording against the laws. */
final class Checker {
    private Checker() {}

    /** What breaks a law, in words; empty if all is well. */
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
