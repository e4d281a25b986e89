package dev.fencepost.benchmarks.peers;

import java.util.List;

/** All subjects. */
final class Subjects {
    static final PeerSubject FENCEPOST = PeerSubject.of("fencepost", FencepostPeer::open);
    static final PeerSubject NO_GROUP_COMMIT = PeerSubject.single("fencepost-uncombined", NoGroupCommitPeer::open);
    static final CSubject C_SQLITE = new CSubject(CSubject.Way.SCHEMA);
    static final CSubject C_SQLITE_BARE = new CSubject(CSubject.Way.BARE);
    static final CSubject C_SQLITE_MINIMAL = new CSubject(CSubject.Way.MINIMAL);
    static final PeerSubject RAW_JDBC = PeerSubject.of("raw-jdbc", RawJdbcPeer::open);
    static final PeerSubject ONE_LOCK = PeerSubject.of("one-lock", OneLockPeer::open);
    static final PeerSubject REDIS = PeerSubject.where(parent -> RedisPeer.absence(), "redis", RedisPeer::open);
    static final PeerSubject POSTGRESQL = PeerSubject.slowly(PostgresServer::absence, "postgresql", PostgresPeer::open);
    /**
     * H2 by default, for one thread. With several, version 2.5.252 updated rows on the basis of overtaken versions. Its
     * threads then refuse each other endlessly.
     */
    static final PeerSubject H2 = PeerSubject.single("h2", H2Peer::open);

    /**
     * H2 with commits that survive the death of the process, as those of the other subjects do and H2's by default do
     * not.
     */
    static final PeerSubject H2_WRITING = PeerSubject.single("h2-write-delay-0", H2Peer::openWriting);

    /** Fencepost's ways to write a value computed from a read. */
    static final PeerSubject UPDATE = fencepost("fencepost", HotWorkers::updating);

    static final PeerSubject TRANSACT = fencepost("fencepost-transact", HotWorkers::transacting);
    static final PeerSubject CLAIM = fencepost("fencepost-claim", HotWorkers::claiming);

    /** All subjects that commit if a key has the version that they saw last. */
    static final List<Subject> ALL = List.of(
            FENCEPOST,
            NO_GROUP_COMMIT,
            C_SQLITE,
            C_SQLITE_BARE,
            C_SQLITE_MINIMAL,
            RAW_JDBC,
            ONE_LOCK,
            REDIS,
            POSTGRESQL,
            H2);

    private Subjects() {}

    private static PeerSubject fencepost(String name, FencepostPeer.Workers workers) {
        return PeerSubject.of(
                name, (folder, durability, keys) -> FencepostPeer.open(folder, durability, keys, workers));
    }
}
