package dev.fencepost.benchmarks.peers;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A peer, put under load by threads of this process.
 *
 * @param absent why it cannot be measured on this machine, if so
 */
record PeerSubject(String name, Peer.Opener opener, int mostThreads, Supplier<Optional<String>> absent)
        implements Subject {
    /** One that is there everywhere. */
    PeerSubject(String name, Peer.Opener opener) {
        this(name, opener, Optional::empty);
    }

    /** One that is there everywhere, but not made for many threads. */
    PeerSubject(String name, Peer.Opener opener, int mostThreads) {
        this(name, opener, mostThreads, Optional::empty);
    }

    /** One that needs something which is not there everywhere. */
    PeerSubject(String name, Peer.Opener opener, Supplier<Optional<String>> absent) {
        this(name, opener, Integer.MAX_VALUE, absent);
    }

    @Override
    public Optional<String> absence() {
        return absent.get();
    }

    @Override
    public boolean warmsUp() {
        return true;
    }

    @Override
    public Outcome measure(Path folder, Load load) throws Exception {
        try (Peer peer = opener.open(folder, load.durability(), load.keys())) {
            Outcome outcome = ClosedLoop.run(peer, load);
            peer.tally().mustAddUpTo(outcome.acknowledged(), name);
            return outcome;
        }
    }
}
