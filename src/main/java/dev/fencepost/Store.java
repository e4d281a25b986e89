package dev.fencepost;

import dev.fencepost.history.History;
import dev.fencepost.history.PrunedException;
import dev.fencepost.history.Retention;
import dev.fencepost.internal.DefaultStore;
import dev.fencepost.internal.StoreFiles;
import dev.fencepost.internal.util.Arguments;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One SQLite file that several processes share: values, versions, epochs and claims.
 *
 * <p>Reads through a store are linearizable across all processes that have the file open, although a cache may serve
 * them. A read that begins after a commit was acknowledged in any process sees that commit. A caller that needs less
 * passes a {@link Freshness}. An {@link Agent} writes, so that every version records its writer.
 *
 * <p>Open a store once per process and keep it. Safe for use by many threads. Closing releases the claims that this
 * store's agents still hold, except claims whose liveness depends on the lease alone.
 */
public interface Store extends Reader, AutoCloseable {
    /**
     * Opens a store, and creates the file if there is none.
     *
     * <p>While the store is open, no other code of this process may open and close the file or its {@code -shm} file.
     * This includes code that copies the folder or computes a checksum, and another copy of SQLite. When a process
     * closes any descriptor of a file, POSIX drops all its locks on that file. The process then loses SQLite's locks
     * without an error, so that commits can be lost and the JVM can end with SIGBUS. On Linux the next commits notice a
     * loss and are {@linkplain UnusableStoreException.Reason#LOCKS_LOST refused}; a crash can precede that. To copy a
     * store, use {@link #backup}, or a separate program, such as {@code sqlite3 FILE ".backup COPY"}.
     *
     * @throws StorageException if this process has no file descriptors left, or the machine fails
     * @throws UnusableStoreException if the store is unusable; it has the reason and the remedy; nothing was created or
     *     written
     */
    static Store open(Path file) {
        Arguments.required(file, "file");
        return open(StoreConfig.of(file));
    }

    /** Opens a store with the given settings; see {@link #open(Path)}. */
    static Store open(StoreConfig config) {
        Arguments.required(config, "config");
        return DefaultStore.open(config);
    }

    /**
     * Turns a copied file into a separate store. The copy was made by SQLite's {@code .backup} or {@code VACUUM INTO},
     * or as a file with its log. Two files must not share an identity, so a copy cannot be opened before this.
     *
     * <p>The file gets a new {@linkplain #id() ID}. All claims, waits and snapshots in it end, and the epoch of every
     * key rises. Claim tokens, positions and snapshots of the earlier history are refused with
     * {@link LostHistoryException}. Running sagas are recovered as after the death of their coordinator. If the process
     * is killed during the call, the file is unchanged.
     *
     * @param agent the name of the agent whose commit ends the claims
     * @throws WriteLockTimeoutException if another process, or another store of this process, has the file open
     * @throws UnusableStoreException if the file is unusable
     */
    static AdoptionReport adopt(StoreConfig config, String agent) {
        Arguments.required(config, "config");
        Arguments.required(agent, "agent");
        return StoreFiles.adopt(config, agent);
    }

    /**
     * Replaces a store with a backup, and begins a new history as {@link #adopt} does. The backup is not changed. It is
     * one made by {@link #backup}, or a copy made by other means. Epochs rise above those of the replaced file. Tokens,
     * positions and snapshots that carry the replaced file's ID are refused too.
     *
     * <p>The copy is examined as by {@link #check()} before it gets the path of the store. A process that is killed
     * during the call leaves either the replaced store or the restored one. It may leave a file with {@code .restore-}
     * in its name. If the log of another file lies beside the store, it is removed.
     *
     * @param config the settings with the path of the store, which need not exist
     * @throws InvalidInputException if the backup is missing, or is the store itself
     * @throws WriteLockTimeoutException if another process, or another store of this process, has the replaced file
     *     open
     * @throws UnusableStoreException if the backup is no store or is damaged; also if the replaced file cannot be read
     *     as a store and {@link RestoreOptions#force()} is not set
     */
    static AdoptionReport restore(StoreConfig config, Path backup, RestoreOptions options) {
        Arguments.required(config, "config");
        Arguments.required(backup, "backup");
        Arguments.required(options, "options");
        return StoreFiles.restore(config, backup, options);
    }

    /**
     * Returns the agent with the given name. Two processes that use one name are two holders. Within a process, one
     * name is one holder.
     *
     * @param name up to 128 bytes of UTF-8 without control characters
     */
    Agent agent(String name);

    /**
     * Returns the value of a key at the given freshness, or empty if there is none. A sufficiently fresh cached value
     * is served without asking the file for the latest. Its cost does not depend on the rate of concurrent commits.
     *
     * <p>At any freshness, reads are monotonic. A read shows at least the state of every commit and read that went
     * through this store before the call began. Other stores on the same file, in this process or another, do not share
     * that bound. Pass them the {@link #position()}.
     *
     * @throws InvalidInputException if the requested position belongs to another store, or is ahead of the file
     * @throws CodecException if the key's codec cannot decode the text in the file
     * @throws StoreClosedException if the store is closed
     */
    <T> Optional<Versioned<T>> get(Key<T> key, Freshness freshness);

    /**
     * Returns the newest position that was committed or read through this store, initially at least the end of the
     * store when it was opened. A read in any process that is {@linkplain Freshness#atLeast at least} this fresh sees
     * everything that was seen here. The position can be slightly ahead of what the caller has seen. Costs next to
     * nothing.
     *
     * <p>As with any read, the position may not be on the disk yet; see {@link #awaitDurable()}.
     */
    Position position();

    /**
     * Waits until a key has a newer version than a known one, from a writer in any process. Returns at once if it has
     * one already. The result is the newest version. A caller that asks again, each time with the last version it got,
     * ends with the present state but may skip versions. {@link #history()} has all of them.
     *
     * <p>On Linux the system reports commits, so that waiting costs next to nothing. The call returns within a fraction
     * of a millisecond after a commit. Elsewhere, and if the system has no more watches to give, the file is polled: at
     * intervals of a millisecond at first, and of some tens of milliseconds in a long wait.
     *
     * @param after the known version, 0 or more; 0 waits for a key that was never written. A deletion is a version too
     * @param wait the longest wait; zero looks once. At most {@link StoreConfig#maxWait()}
     * @return the newest version, which may be a tombstone; empty if no version above {@code after} appeared in time
     * @throws InvalidInputException if the version is negative, or the wait is out of bounds
     * @throws WaitInterruptedException if the thread was interrupted while it waited
     * @throws StoreClosedException if the store is closed, also if that happens during the wait
     */
    <T> Optional<Change<T>> awaitChange(Key<T> key, long after, Duration wait);

    /**
     * Opens a snapshot of the whole store as it is now; see {@link Snapshot}. Costs a small transaction, which pins the
     * visible versions.
     */
    Snapshot snapshot();

    /**
     * Opens a snapshot of the whole store as of a place in the order of commits. A read of a key or stream that
     * {@link Retention} pruned before this call throws {@link PrunedException}. The other visible versions are kept.
     *
     * @param sequence the last commit that is included; 0 is the empty store
     * @throws InvalidInputException if there is no such place yet
     */
    Snapshot snapshotAt(long sequence);

    /**
     * Opens a snapshot of the whole store as of the last commit made at or before a time, by the writers' clocks. If a
     * clock was set back, several commits can qualify; one of them is used.
     */
    Snapshot snapshotAt(Instant time);

    /** Returns the version history of keys. */
    History history();

    /**
     * Returns all claims that are held at present, in the order of their keys. Up to {@link Page#MAX_ENTRIES}.
     *
     * @throws ResultTooLargeException if there are more; use {@link #claims(String, int)}
     */
    List<ClaimInfo> claims();

    /**
     * Returns a page of the claims that are held at present, in the order of their keys. A claim on several keys has an
     * entry for each of them, which can be on several pages.
     *
     * @param after the key after which to begin; the empty text begins with the first
     * @param limit the most entries, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the limit is out of bounds, or {@code after} is not well-formed
     */
    Page<ClaimInfo> claims(String after, int limit);

    /**
     * Waits until everything that has been read or written through this store so far will survive a loss of power.
     *
     * <p>A commit that a writer at {@link Durability#POWER_LOSS} acknowledged does so already. But while several
     * processes write at once, a commit can be <em>read</em> some fractions of a millisecond before the disk has it. A
     * commit at {@link Durability#PROCESS_DEATH} can be read before that for longer. Call this between a read and an
     * external effect that must not survive the loss of the data it depends on. Costs one wait for the disk.
     *
     * @throws StorageException if the disk refuses
     */
    void awaitDurable();

    /** Returns the outcome of a commit that was reported as unknown. */
    CommitOutcome outcome(CommitId commit);

    /** Examines the whole file: runs SQLite's integrity check, and checks the invariants of the data. */
    CheckReport check();

    /**
     * Writes a copy of the store as of one commit, while this and other processes go on writing. The copy is examined
     * as by {@link #check()} and is on the disk before it gets its name. It has the permissions of the store.
     *
     * <p>A backup is not opened as a store: {@linkplain #restore restore} or {@linkplain #adopt adopt} it. It is one
     * file without a log, and can be read with SQLite. During the backup, SQLite's log cannot restart, and grows. The
     * thread sleeps for as long as it works, so that concurrent writers lose little.
     *
     * @throws InvalidInputException if the target exists and is not to be replaced, or is a store in use
     * @throws StorageException if the copy cannot be written; nothing is left of it
     * @throws UnusableStoreException if the examination of the copy found a fault
     */
    BackupReport backup(Path target, BackupOptions options);

    /** Returns the random ID of this file's history. Every claim token carries it. */
    String id();

    /** Returns the path of the file. */
    Path file();

    /** Closes the store, and waits up to five seconds for running steps of sagas; see {@link #close(Duration)}. */
    @Override
    void close();

    /**
     * Closes the store: starts no more steps of sagas, waits for running steps, releases this store's claims and closes
     * the file. Other processes continue the sagas. A step that is still running after the wait may run a second time,
     * in another process at the same time. Idempotent: a second call returns at once.
     *
     * @param wait the longest wait for running steps, from zero to {@link StoreConfig#maxWait()}
     * @throws InvalidInputException if the wait is out of bounds; the store stays open
     */
    void close(Duration wait);
}
