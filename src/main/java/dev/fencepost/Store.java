package dev.fencepost;

import dev.fencepost.internal.DefaultStore;
import dev.fencepost.internal.StoreFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One SQLite file that several processes share: values, versions, epochs and claims.
 *
 * <p>Reads through a store are linearizable across all processes that have the file open, although they may be served
 * from a cache: a read that begins after a commit was acknowledged anywhere sees it. Where less is enough, a staler read
 * is asked for by its {@link Freshness}. Writing is done by an {@link Agent}, so that every version says who wrote it.
 *
 * <p>Open a store once per process and keep it. Safe for use by many threads. Closing releases the claims that this
 * store's agents still hold, except those that live by their lease alone.
 */
public interface Store extends Reader, AutoCloseable {
    /**
     * Opens a store, creating the file if there is none.
     *
     * <p>While the store is open, no other code of this process may open and close the file or its {@code -shm} file: not
     * to copy the folder, not to compute a checksum, and not through another copy of SQLite. When a process closes any
     * descriptor of a file, POSIX drops all its locks on that file. The process then loses SQLite's locks without an error,
     * so that commits can be lost and the JVM can end with SIGBUS. On Linux the next commits notice a loss and are
     * {@linkplain UnusableStoreException.Reason#LOCKS_LOST refused}; a crash can come before that. To copy a store, use
     * {@link #backup}, or a program of its own, such as {@code sqlite3 FILE ".backup COPY"}.
     *
     * @throws StorageException if this process has no file descriptors left, or the machine fails
     * @throws UnusableStoreException if the file cannot be served; says why and what to do; nothing was created or
     *     written
     */
    static Store open(Path file) {
        Arguments.required(file, "file");
        return open(StoreConfig.of(file));
    }

    /** Opens a store with settings of its own; see {@link #open(Path)}. */
    static Store open(StoreConfig config) {
        Arguments.required(config, "config");
        return DefaultStore.open(config);
    }

    /**
     * Makes a store of its own of a file that was copied by other means: by {@code .backup} or {@code VACUUM INTO} of
     * SQLite, or as a file with its log. Two files must not share an identity, so a copy is not opened before this.
     *
     * <p>The file gets a new {@linkplain #id() id}. All claims, waits and snapshots in it end, and the epoch of every key
     * rises. Claim tokens, positions and snapshots of the history before are refused with {@link LostHistoryException}.
     * Sagas that ran are recovered as after the death of their coordinator. A process that is killed meanwhile leaves
     * the file as it was.
     *
     * @param agent the name in whose commit the claims end
     * @throws WriteLockTimeoutException if another process, or another store of this one, has the file open
     * @throws UnusableStoreException if the file cannot be served
     */
    static AdoptionReport adopt(StoreConfig config, String agent) {
        Arguments.required(config, "config");
        Arguments.required(agent, "agent");
        return StoreFiles.adopt(config, agent);
    }

    /**
     * Puts a backup in the place of a store, and begins a new history as {@link #adopt} does. The backup stays as it is; it
     * may be one of {@link #backup} or a copy made by other means. Epochs are raised above those of the replaced file,
     * and what carries its id is refused too.
     *
     * <p>The copy is examined as by {@link #check()} before it gets the path of the store. A process that is killed
     * meanwhile leaves either the replaced store or the restored one, and perhaps a file with {@code .restore-} in its
     * name. If the log of another file lies beside the store, it is removed.
     *
     * @param config names the store, which need not exist
     * @throws InvalidInputException if the backup is missing, or is the store itself
     * @throws WriteLockTimeoutException if another process, or another store of this one, has the replaced file open
     * @throws UnusableStoreException if the backup is no store or damaged, or if the file that it is to replace cannot be
     *     read as a store and {@link RestoreOptions#force()} is not set
     */
    static AdoptionReport restore(StoreConfig config, Path backup, RestoreOptions options) {
        Arguments.required(config, "config");
        Arguments.required(backup, "backup");
        Arguments.required(options, "options");
        return StoreFiles.restore(config, backup, options);
    }

    /**
     * Names who writes. Two processes that use one name are two holders; within a process one name is one holder.
     *
     * @param name up to 128 bytes of UTF-8 without control characters
     */
    Agent agent(String name);

    /**
     * The value of a key, or empty if there is none, as fresh as asked for. What is fresh enough in the read cache is
     * served without asking the file whether it is the latest, so that it costs the same however much is committed
     * meanwhile.
     *
     * <p>Whatever is asked for, no read goes back: it shows at least the state of the store that has shown in anything
     * that was committed or read through this store before the call began. Other stores on the same file know nothing
     * of that, in this process or in another: hand them the {@link #position()}.
     *
     * @throws InvalidInputException if the position that is asked for is one of another store, or ahead of all that is in
     *     the file
     * @throws CodecException if the text in the file is not one of the key's codec
     * @throws StoreClosedException if the store is closed
     */
    <T> Optional<Versioned<T>> get(Key<T> key, Freshness freshness);

    /**
     * The furthest in the order of the store that has been committed or read through this store, at the least its end
     * when it was opened: who reads {@linkplain Freshness#atLeast at least} this, in whatever process, sees all that was
     * seen here. It can be a little further than what the caller itself has seen. Costs next to nothing.
     *
     * <p>As with all that was read, the disk may not have it yet; see {@link #awaitDurable()}.
     */
    Position position();

    /**
     * Waits until a key has a newer version than one that is known, whichever process writes it. Returns at once if it has
     * one already. Of several versions that came in the meantime it is the newest, so a caller that asks again, each
     * time with the version that it got last, ends with the present state but may not see every step; those are in
     * {@link #history()}.
     *
     * <p>On Linux the system tells of commits, so that waiting costs next to nothing and the return follows a commit
     * within a fraction of a millisecond; elsewhere, and where the system has no more watches to give, the file is looked
     * at instead, after a millisecond at first and after some tens of milliseconds in a long wait.
     *
     * @param after the version that is known, 0 or more; 0 waits for a key that was never written. A deletion is a version
     *     too
     * @param wait the longest wait; zero looks once. At most {@link StoreConfig#maxWait()}
     * @return the newest version, which may be a tombstone; empty if there was none above {@code after} when the wait was
     *     over
     * @throws InvalidInputException if the version is negative, or the wait is out of bounds
     * @throws WaitInterruptedException if the thread was interrupted while it waited
     * @throws StoreClosedException if the store is closed, also if that happens during the wait
     */
    <T> Optional<Change<T>> awaitChange(Key<T> key, long after, Duration wait);

    /**
     * The whole store as it is now, to be read for as long as it is open; see {@link Snapshot}. Costs a small transaction, which
     * pins what it can see.
     */
    Snapshot snapshot();

    /**
     * The whole store as it was at a place in the order of commits. Of keys and streams of which {@link Retention} had let go
     * before it was opened, it answers so; what it can see then stays.
     *
     * @param sequence all commits up to this one; 0 is the empty store
     * @throws InvalidInputException if there is no such place yet
     */
    Snapshot snapshotAt(long sequence);

    /**
     * The whole store as it was at a time: as of the last commit that was made then or before, by the clocks of those who
     * wrote. Where a clock was put back, several commits can be that; one of them is taken.
     */
    Snapshot snapshotAt(Instant time);

    /** What was: the versions of keys. */
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
     * <p>What a writer at {@link Durability#POWER_LOSS} acknowledged does so already. But while several processes write
     * at once, a commit can be <em>read</em> some fractions of a millisecond before the disk has it; so does whatever is
     * written at {@link Durability#PROCESS_DEATH}, for longer. Call this between a read and an effect outside of the
     * store that must not outlive what it rests on. Costs one answer of the disk.
     *
     * @throws StorageException if the disk refuses
     */
    void awaitDurable();

    /** How a commit ended whose outcome was reported as unknown. */
    CommitOutcome outcome(CommitId commit);

    /** Examines the file: SQLite's own integrity check, and whether the laws hold in the data. Reads all of it. */
    CheckReport check();

    /**
     * Writes a copy of the store as of one commit, while this and other processes go on writing. The copy is examined as by
     * {@link #check()} and is on the disk before it gets its name. It has the permissions of the store.
     *
     * <p>A backup is not opened as a store: {@linkplain #restore restore} or {@linkplain #adopt adopt} it. It is one file
     * without a log, and can be read with SQLite. While it is made, SQLite's log cannot begin anew and grows. The thread
     * rests for as long as it works, so that those who write meanwhile lose little.
     *
     * @throws InvalidInputException if a file has the name already and is not to be replaced, or is a store in use
     * @throws StorageException if the copy cannot be written; nothing is left of it
     * @throws UnusableStoreException if the examination of the copy found something
     */
    BackupReport backup(Path target, BackupOptions options);

    /** The random name of this file's history; every claim token carries it. */
    String id();

    /** Where the file is. */
    Path file();

    /** Closes the store, and waits up to five seconds for running steps of sagas; see {@link #close(Duration)}. */
    @Override
    void close();

    /**
     * Closes the store: begins no more steps of sagas, waits for those that run, releases this store's claims and closes
     * the file. Other processes carry on the sagas. A step that is still running after the wait may run a second time,
     * in another process at the same time. Idempotent: a second call returns at once.
     *
     * @param wait the longest wait for running steps, from zero to {@link StoreConfig#maxWait()}
     * @throws InvalidInputException if the wait is out of bounds; the store stays open
     */
    void close(Duration wait);
}
