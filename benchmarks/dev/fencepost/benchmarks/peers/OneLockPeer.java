package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * SQLite behind one lock: one connection with cached statements. The last seen version is read under the lock too, so
 * that no commit is ever refused.
 */
final class OneLockPeer extends SqlitePeer {
    final SqliteWorker only = new SqliteWorker(connect());
    private final Object lock = new Object();

    OneLockPeer(Path folder, Durability durability, int keys) throws SQLException {
        super(folder, durability, keys);
    }

    @Override
    Worker worker() {
        return key -> {
            synchronized (lock) {
                return only.commit(key);
            }
        };
    }

    @Override
    public void close() throws SQLException {
        only.close();
    }
}
