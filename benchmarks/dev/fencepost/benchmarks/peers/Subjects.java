package dev.fencepost.benchmarks.peers;

import java.util.List;
import java.util.function.Function;

/** All subjects. */
final class Subjects {
    private static final int ANY = Integer.MAX_VALUE;

    static final PeerSubject FENCEPOST = fencepost("fencepost", FencepostPeer::putting);
    static final PeerSubject NO_GROUP_COMMIT = new PeerSubject("fencepost-uncombined", NoGroupCommitPeer::new, 1);
    static final PeerSubject RAW_JDBC = new PeerSubject("raw-jdbc", SqlitePeer::new, ANY);
    static final PeerSubject ONE_LOCK = new PeerSubject("one-lock", OneLockPeer::new, ANY);
    static final PeerSubject REDIS =
            new PeerSubject("redis", RedisPeer::open, ANY, false, parent -> RedisPeer.absence());
    static final PeerSubject POSTGRESQL =
            new PeerSubject("postgresql", PostgresPeer::open, ANY, true, PostgresServer::absence);
    static final PeerSubject ROCKSDB =
            new PeerSubject("rocksdb", RocksDbPeer::new, ANY, false, parent -> RocksDbPeer.absence());
    /**
     * H2 by default, for one thread. With several, version 2.5.252 updated rows on the basis of overtaken versions. Its
     * threads then refuse each other endlessly.
     */
    static final PeerSubject H2 = new PeerSubject("h2", H2Peer::open, 1);

    /**
     * H2 with commits that survive the death of the process, as those of the other subjects do and H2's by default do
     * not.
     */
    static final PeerSubject H2_WRITING = new PeerSubject("h2-write-delay-0", H2Peer::openWriting, 1);

    /** A coordinator in Python. Its commits survive the death of the process only. */
    static final Subject AGENT_COHERENCE = new AgentCoherenceSubject();

    /** Fencepost's ways to write a value computed from a read. */
    static final PeerSubject UPDATE = fencepost("fencepost", FencepostPeer::updating);

    static final PeerSubject TRANSACT = fencepost("fencepost-transact", FencepostPeer::transacting);
    static final PeerSubject CLAIM = fencepost("fencepost-claim", FencepostPeer::claiming);

    /** The subjects of which one thread is compared on files in memory. */
    static final List<Subject> IN_MEMORY = List.of(
            FENCEPOST,
            NO_GROUP_COMMIT,
            CSubject.SCHEMA,
            CSubject.BARE,
            CSubject.MINIMAL,
            RAW_JDBC,
            ROCKSDB,
            AGENT_COHERENCE);

    /** All subjects that commit if a key has the version that they saw last. */
    static final List<Subject> ALL = List.of(
            FENCEPOST,
            NO_GROUP_COMMIT,
            CSubject.SCHEMA,
            CSubject.BARE,
            CSubject.MINIMAL,
            RAW_JDBC,
            ONE_LOCK,
            ROCKSDB,
            REDIS,
            POSTGRESQL,
            H2);

    private Subjects() {}

    private static PeerSubject fencepost(String label, Function<FencepostPeer, Peer.Worker> workers) {
        return new PeerSubject(
                label, (folder, durability, keys) -> new FencepostPeer(folder, durability, keys, workers), ANY);
    }
}
