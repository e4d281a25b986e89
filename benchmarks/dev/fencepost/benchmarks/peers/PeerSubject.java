package dev.fencepost.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A peer under the load of threads of this process. */
record PeerSubject(String label, Peer.Opener opener, int maxThreads, boolean startsSlowly, Absence absence)
        implements Subject {
    /** Finds the reason why a peer cannot be measured on this machine, if there is one. */
    @FunctionalInterface
    interface Absence {
        Optional<String> in(Path parent) throws IOException, InterruptedException;
    }

    /** Creates a subject for this many threads that is available everywhere. */
    PeerSubject(String label, Peer.Opener opener, int maxThreads) {
        this(label, opener, maxThreads, false, parent -> Optional.empty());
    }

    @Override
    public Optional<String> absence(Path parent) throws IOException, InterruptedException {
        return absence.in(parent);
    }

    @Override
    public boolean warmsUp() {
        return true;
    }

    @Override
    public Outcome measure(Path folder, LoadSpec load) throws Exception {
        try (Peer peer = opener.open(folder, load.durability(), load.keys())) {
            Outcome outcome = ClosedLoop.run(peer, load, folder);
            peer.tally().mustAddUpTo(outcome.acknowledged(), label);
            return outcome;
        }
    }

    @Override
    public String toString() {
        return label;
    }
}
