package dev.fencepost.benchmarks.peers;

import java.util.List;

/** Everything that is measured. */
final class Subjects {
    static final Subject FENCEPOST = new PeerSubject("fencepost", FencepostPeer::open);
    static final Subject UNCOMBINED = new PeerSubject("fencepost-uncombined", UncombinedPeer::open, 1);
    static final Subject RAW_JDBC = new PeerSubject("raw-jdbc", RawJdbcPeer::open);
    static final Subject ONE_LOCK = new PeerSubject("one-lock", OneLockPeer::open);
    static final Subject C_SQLITE = new CSubject(CSubject.Way.SCHEMA);
    static final Subject C_SQLITE_BARE = new CSubject(CSubject.Way.BARE);
    static final Subject C_SQLITE_MINIMAL = new CSubject(CSubject.Way.MINIMAL);

    /** All that make the commit, each for itself, on keys that are rarely contended. */
    static final List<Subject> ALL =
            List.of(FENCEPOST, UNCOMBINED, RAW_JDBC, ONE_LOCK, C_SQLITE, C_SQLITE_BARE, C_SQLITE_MINIMAL);

    private Subjects() {}
}
