package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A peer under the load of threads of this process. */
final class PeerSubject implements Subject {
    /** Finds the reason why a peer cannot be measured on this machine, if there is one. */
    @FunctionalInterface
    interface Absence {
        Optional<String> in(Path parent) throws IOException, InterruptedException;
    }

    private final String name;
    private final Peer.Opener opener;
    private final int mostThreads;
    private final boolean startsSlowly;
    private final Absence absence;

    private PeerSubject(String name, Peer.Opener opener, int mostThreads, boolean startsSlowly, Absence absence) {
        this.name = name;
        this.opener = opener;
        this.mostThreads = mostThreads;
        this.startsSlowly = startsSlowly;
        this.absence = absence;
    }

    /** Creates a subject that is available everywhere. */
    static PeerSubject of(String name, Peer.Opener opener) {
        return new PeerSubject(name, opener, Integer.MAX_VALUE, false, parent -> Optional.empty());
    }

    /** Creates a subject for one thread that is available everywhere. */
    static PeerSubject single(String name, Peer.Opener opener) {
        return new PeerSubject(name, opener, 1, false, parent -> Optional.empty());
    }

    /** Creates a subject that is not available everywhere. */
    static PeerSubject where(Absence absence, String name, Peer.Opener opener) {
        return new PeerSubject(name, opener, Integer.MAX_VALUE, false, absence);
    }

    /** Creates a subject as {@link #where} does, for a peer that takes seconds to start. */
    static PeerSubject slowly(Absence absence, String name, Peer.Opener opener) {
        return new PeerSubject(name, opener, Integer.MAX_VALUE, true, absence);
    }

    /** Opens and fills the peer. */
    Peer open(Path folder, Durability durability, int keys) throws Exception {
        return opener.open(folder, durability, keys);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name();
    }

    @Override
    public Optional<String> absence(Path parent) throws IOException, InterruptedException {
        return absence.in(parent);
    }

    @Override
    public boolean startsSlowly() {
        return startsSlowly;
    }

    @Override
    public int mostThreads() {
        return mostThreads;
    }

    @Override
    public boolean warmsUp() {
        return true;
    }

    @Override
    public Outcome measure(Path folder, LoadSpec load) throws Exception {
        try (Peer peer = open(folder, load.durability(), load.keys())) {
            Outcome outcome = ClosedLoop.run(peer, load);
            peer.tally().mustAddUpTo(outcome.acknowledged(), name);
            return outcome;
        }
    }
}
