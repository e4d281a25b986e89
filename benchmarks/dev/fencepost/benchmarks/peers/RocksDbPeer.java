package dev.fencepost.benchmarks.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fencepost.Durability;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB in this process, with its default settings: the limit of an embedded store. It compares no versions, so a lock
 * of the key is held from the read of the current version until the write is durable. Writes to several keys share the
 * syncs of its log. Only one process at a time can open the store.
 */
final class RocksDbPeer extends Peer {
    private static final String CURRENT = "current/";
    private static final String HISTORY = "history/";
    private static final String EPOCH = "0";

    /** The position of the version in a row, after the value and a space. */
    private static final int AT_VERSION = BenchmarkValues.LENGTH + 1;

    private final Options options = new Options().setCreateIfMissing(true);
    private final WriteOptions writes = new WriteOptions();
    private final RocksDB database;
    private final Object[] locks;

    RocksDbPeer(Path folder, Durability durability, int keys) throws RocksDBException {
        super(keys);
        this.locks = new Object[keys];
        Arrays.setAll(locks, key -> new Object());
        this.database = RocksDB.open(options, folder.resolve("rocksdb").toString());
        for (int key = 0; key < keys; key++) {
            write(key, 1);
        }
        writes.setSync(durability == Durability.POWER_LOSS);
    }

    /** Returns the reason why RocksDB cannot be measured here, if there is one. */
    static Optional<String> absence() {
        try {
            RocksDB.loadLibrary();
            return Optional.empty();
        } catch (RuntimeException | LinkageError e) {
            return Optional.of("its jar has no library for this platform: " + e.getMessage());
        }
    }

    /** Writes a version as the current one, and appends it to the history. */
    private void write(int key, long version) throws RocksDBException {
        String row = String.join(
                " ",
                BenchmarkValues.of(version),
                Long.toString(version),
                EPOCH,
                BenchmarkValues.WRITER,
                Long.toString(System.currentTimeMillis()));
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(current(key), row.getBytes(UTF_8));
            batch.put(history(key, version), row.getBytes(UTF_8));
            database.write(writes, batch);
        }
    }

    private byte[] current(int key) {
        return (CURRENT + keys[key]).getBytes(UTF_8);
    }

    /** Returns the key of a row of the history; its numbers have equal lengths, so that they are in order. */
    private byte[] history(int key, long version) {
        return (HISTORY + keys[key] + "/" + (BenchmarkValues.BASE + version)).getBytes(UTF_8);
    }

    private static long version(byte[] row) {
        String text = new String(row, UTF_8);
        return Long.parseLong(text, AT_VERSION, text.indexOf(' ', AT_VERSION), 10);
    }

    @Override
    Worker worker() {
        return new OptimisticWorker() {
            @Override
            OptionalLong attempt(int key, long version) throws RocksDBException {
                synchronized (locks[key]) {
                    long present = version(database.get(current(key)));
                    if (present != version) {
                        return OptionalLong.of(present);
                    }
                    write(key, version + 1);
                    return OptionalLong.empty();
                }
            }
        };
    }

    @Override
    VerificationTotals tally() throws RocksDBException {
        long versions = 0;
        for (int key = 0; key < keys.length; key++) {
            versions += version(database.get(current(key))) - 1;
        }
        long history = 0;
        long wrong = 0;
        try (RocksIterator rows = database.newIterator()) {
            for (rows.seek(HISTORY.getBytes(UTF_8)); rows.isValid(); rows.next()) {
                String place = new String(rows.key(), UTF_8);
                long expected = Long.parseLong(place.substring(place.lastIndexOf('/') + 1)) - BenchmarkValues.BASE;
                wrong += BenchmarkValues.version(new String(rows.value(), UTF_8)) == expected ? 0 : 1;
                history++;
            }
            rows.status();
        }
        return new VerificationTotals(versions, history - keys.length, wrong);
    }

    @Override
    public void close() {
        try (options;
                writes) {
            database.close();
        }
    }
}
