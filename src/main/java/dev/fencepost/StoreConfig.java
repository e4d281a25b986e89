package dev.fencepost;

import dev.fencepost.history.History;
import dev.fencepost.history.Retention;
import dev.fencepost.internal.util.Arguments;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The settings of a store. Immutable; each {@code with} method returns a changed copy.
 *
 * <pre>{@code
 * Store store = Store.open(StoreConfig.of(Path.of("agents.db")).withDurability(Durability.PROCESS_DEATH));
 * }</pre>
 */
public final class StoreConfig {
    private static final int MOST_VALUE_BYTES = 512 * 1024 * 1024;

    private final Path file;
    private Durability durability = Durability.POWER_LOSS;
    private long cacheBytes = 64L * 1024 * 1024;
    private boolean creation = true;
    private boolean mappedWalIndex = true;
    private boolean untrustedFileSystem;
    private boolean provenance;
    private int maxKeyBytes = Key.MAX_BYTES;
    private int maxValueBytes = 16 * 1024 * 1024;
    private Duration writeLockTimeout = Duration.ofSeconds(10);
    private Duration maxWait = Duration.ofHours(1);
    private Duration heartbeat = Duration.ofSeconds(1);
    private InstantSource clock = InstantSource.system();
    private Optional<LongSupplier> elapsedTime = Optional.empty();
    private RetryPolicy retry = RetryPolicy.standard();

    private StoreConfig(Path file) {
        this.file = Arguments.required(file, "file");
    }

    private StoreConfig(StoreConfig other) {
        this.file = other.file;
        this.durability = other.durability;
        this.cacheBytes = other.cacheBytes;
        this.creation = other.creation;
        this.mappedWalIndex = other.mappedWalIndex;
        this.untrustedFileSystem = other.untrustedFileSystem;
        this.provenance = other.provenance;
        this.maxKeyBytes = other.maxKeyBytes;
        this.maxValueBytes = other.maxValueBytes;
        this.writeLockTimeout = other.writeLockTimeout;
        this.maxWait = other.maxWait;
        this.heartbeat = other.heartbeat;
        this.clock = other.clock;
        this.elapsedTime = other.elapsedTime;
        this.retry = other.retry;
    }

    /** Returns the default settings for a file. */
    public static StoreConfig of(Path file) {
        return new StoreConfig(file);
    }

    /** Sets the failures that an acknowledged commit survives. Default: {@link Durability#POWER_LOSS}. */
    public StoreConfig withDurability(Durability value) {
        StoreConfig copy = new StoreConfig(this);
        copy.durability = Arguments.required(value, "durability");
        return copy;
    }

    /** Sets the most memory for cached values, in bytes; 0 turns the cache off. Default: 64 MiB. */
    public StoreConfig withCacheBytes(long value) {
        StoreConfig copy = new StoreConfig(this);
        copy.cacheBytes = inRange("The size of the cache", value, 0, Long.MAX_VALUE);
        return copy;
    }

    /**
     * Sets whether a missing or empty file becomes a new store. If not, opening it is refused with the reason
     * {@link UnusableStoreException.Reason#NO_STORE}. Default: true.
     */
    public StoreConfig withCreation(boolean value) {
        StoreConfig copy = new StoreConfig(this);
        copy.creation = value;
        return copy;
    }

    /**
     * Sets whether a cached read checks in SQLite's shared memory that it is the latest. That check takes some
     * nanoseconds; otherwise the read asks SQLite, which takes microseconds. Both are linearizable. The setting applies
     * only to Linux on x86-64; elsewhere reads ask SQLite. Default: true.
     *
     * <p>Turn it off if other code in this process opens and closes the {@code -shm} file by itself. Turn it off too if
     * a file system must be unmounted as soon as its store is closed: the memory stays mapped until it is
     * garbage-collected.
     */
    public StoreConfig withMappedWalIndex(boolean value) {
        StoreConfig copy = new StoreConfig(this);
        copy.mappedWalIndex = value;
        return copy;
    }

    /**
     * Allows a file on a file system with unreliable locks or shared memory: that of a network, or of the host of a
     * virtual machine or container. Such a file is safe only while one process at a time, on one host, has it open, and
     * nothing can enforce that. Two processes at one time can lose commits and damage the file. Default: false, which
     * refuses such a file with {@link UnusableStoreException.Reason#NETWORK_FILE_SYSTEM}.
     */
    public StoreConfig withUntrustedFileSystem(boolean value) {
        StoreConfig copy = new StoreConfig(this);
        copy.untrustedFileSystem = value;
        return copy;
    }

    /**
     * Sets whether each commit records its dependencies: the reads of its transaction and its preconditions on keys.
     * Each refusal then records the refused writer, the refusing writer and the reason. See the views
     * {@code provenance} and {@code conflicts} in the file, {@link History#dependencies} and {@link History#refusals}.
     *
     * <p>The setting applies only to writes through this store; each process that shares the file has its own. Costs a
     * row for each read, and a transaction for each refusal. Default: false.
     */
    public StoreConfig withProvenance(boolean value) {
        StoreConfig copy = new StoreConfig(this);
        copy.provenance = value;
        return copy;
    }

    /** Sets the longest key that this store accepts, in bytes of UTF-8, 1 to 512. Default: 512. */
    public StoreConfig withMaxKeyBytes(int value) {
        StoreConfig copy = new StoreConfig(this);
        copy.maxKeyBytes = (int) inRange("The limit on keys", value, 1, Key.MAX_BYTES);
        return copy;
    }

    /**
     * Sets the longest value that this store writes and reads, in bytes of UTF-8, up to 512 MiB. Default: 16 MiB. A
     * longer text in the file is not loaded: reading it throws {@link ValueTooLongException}. Texts of up to 1 MiB are
     * always read.
     */
    public StoreConfig withMaxValueBytes(int value) {
        StoreConfig copy = new StoreConfig(this);
        copy.maxValueBytes = (int) inRange("The limit on values", value, 1, MOST_VALUE_BYTES);
        return copy;
    }

    /**
     * Sets the longest wait for SQLite's locks, after which an operation fails with {@link WriteLockTimeoutException}.
     * The limit covers all locks of one operation and its time in the writer queue of this process. Each attempt of
     * {@link Writer#update} and {@link Writer#transact} is an operation of its own. Default: 10 seconds.
     *
     * @param value from zero to 365 days
     * @throws InvalidInputException if the wait is out of bounds
     */
    public StoreConfig withWriteLockTimeout(Duration value) {
        StoreConfig copy = new StoreConfig(this);
        copy.writeLockTimeout =
                inRange("The wait for the write lock", Arguments.required(value, "writeLockTimeout"), Duration.ZERO);
        return copy;
    }

    /** Sets the longest wait for a claim or a change that a caller may request. Default: one hour. */
    public StoreConfig withMaxWait(Duration value) {
        StoreConfig copy = new StoreConfig(this);
        copy.maxWait = inRange("The maximum wait", Arguments.required(value, "maxWait"), Duration.ZERO);
        return copy;
    }

    /**
     * Sets the heartbeat: the interval at which a process that holds or awaits claims signals its liveness. Leases must
     * be at least three heartbeats long. Processes that share a file should use the same heartbeat. Default: one
     * second.
     */
    public StoreConfig withHeartbeat(Duration value) {
        StoreConfig copy = new StoreConfig(this);
        copy.heartbeat = inRange("The heartbeat", Arguments.required(value, "heartbeat"), Duration.ofMillis(10));
        return copy;
    }

    /** Sets the source of the time of day, for leases and for the times in history. Default: the system's clock. */
    public StoreConfig withClock(InstantSource value) {
        StoreConfig copy = new StoreConfig(this);
        copy.clock = Arguments.required(value, "clock");
        return copy;
    }

    /**
     * Sets the source of elapsed time, for tests that set the {@linkplain #withClock clock} forward. {@link Retention}
     * by age trusts a clock only as far as that much time has elapsed. Default: the uptime of the system.
     *
     * @param nanos returns nanoseconds since any fixed moment, and never goes back; used by one thread at a time
     */
    public StoreConfig withElapsedTime(LongSupplier nanos) {
        StoreConfig copy = new StoreConfig(this);
        copy.elapsedTime = Optional.of(Arguments.required(nanos, "nanos"));
        return copy;
    }

    /**
     * Sets the retries of {@link Writer#update} and {@link Writer#transact}. Default: {@link RetryPolicy#standard()}.
     */
    public StoreConfig withRetry(RetryPolicy value) {
        StoreConfig copy = new StoreConfig(this);
        copy.retry = Arguments.required(value, "retry");
        return copy;
    }

    public Path file() {
        return file;
    }

    public Durability durability() {
        return durability;
    }

    public long cacheBytes() {
        return cacheBytes;
    }

    /** Returns whether opening may create a store; see {@link #withCreation}. */
    public boolean creation() {
        return creation;
    }

    public boolean mappedWalIndex() {
        return mappedWalIndex;
    }

    public boolean untrustedFileSystem() {
        return untrustedFileSystem;
    }

    public boolean provenance() {
        return provenance;
    }

    public int maxKeyBytes() {
        return maxKeyBytes;
    }

    public int maxValueBytes() {
        return maxValueBytes;
    }

    public Duration writeLockTimeout() {
        return writeLockTimeout;
    }

    public Duration maxWait() {
        return maxWait;
    }

    public Duration heartbeat() {
        return heartbeat;
    }

    public InstantSource clock() {
        return clock;
    }

    /** Returns the source of elapsed time, in nanoseconds; empty for the uptime of the system. */
    public Optional<LongSupplier> elapsedTime() {
        return elapsedTime;
    }

    public RetryPolicy retry() {
        return retry;
    }

    private static long inRange(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidInputException(what + " is " + value + "; it must be from " + least + " to " + most);
        }
        return value;
    }

    private static Duration inRange(String what, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(Duration.ofDays(365)) > 0) {
            throw new InvalidInputException(what + " is " + value + "; it must be from " + least + " to 365 days");
        }
        return value;
    }
}
