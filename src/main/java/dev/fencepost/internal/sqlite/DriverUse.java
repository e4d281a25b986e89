package dev.fencepost.internal.sqlite;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.sqlite.JDBC;

/**
 * The use of a file through one copy of SQLite in this JVM.
 *
 * <p>POSIX locks belong to the process. Two copies of SQLite, loaded by two class loaders, do not exclude each other.
 * When one copy closes a file, the other loses its locks on it. So all stores of this JVM that have a file open must
 * use the same copy. (SQLite: 'How To Corrupt An SQLite Database File', section 2.2.1, "Multiple copies of SQLite
 * linked into the same application".)
 *
 * <p>A copy that the application uses directly, without a store, is not detected. Safe for use by many threads.
 */
final class DriverUse implements AutoCloseable {
    /**
     * For each file, the weakly referenced class of the driver, and the number of stores that have the file open
     * through it.
     */
    private static final Map<String, Map.Entry<WeakReference<Class<?>>, AtomicInteger>> USES =
            SharedByJvm.map("driver-by-file.1");

    private final String file;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private DriverUse(String file) {
        this.file = file;
    }

    /**
     * Records that a store opens a file through this class loader's driver.
     *
     * @param identity the identity of the file
     * @throws UnusableStoreException if another copy of the driver has the file open
     */
    static DriverUse begin(Path path, Object identity) {
        return begin(path, identity, JDBC.class);
    }

    static DriverUse begin(Path path, Object identity, Class<?> driver) {
        String file = identity.toString();
        synchronized (USES) {
            Map.Entry<WeakReference<Class<?>>, AtomicInteger> use = USES.get(file);
            Class<?> other = use == null ? null : use.getKey().get();
            // A driver that was collected has no store left, closed or not.
            if (use == null || other == null) {
                use = Map.entry(new WeakReference<>(driver), new AtomicInteger());
                USES.put(file, use);
            } else if (!other.equals(driver)) {
                throw FileChecks.refusal(
                        Reason.SECOND_DRIVER,
                        "'" + path + "' is open in this JVM through another copy of SQLite, loaded by "
                                + other.getClassLoader() + "; this one is loaded by " + driver.getClassLoader()
                                + ". Two copies in one process cancel each other's locks. Close the other store, or load"
                                + " sqlite-jdbc once, in a class loader that both share",
                        null);
            }
            use.getValue().incrementAndGet();
        }
        return new DriverUse(file);
    }

    /** Ends the use. Idempotent. */
    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            synchronized (USES) {
                USES.computeIfPresent(file, (key, use) -> use.getValue().decrementAndGet() == 0 ? null : use);
            }
        }
    }
}
