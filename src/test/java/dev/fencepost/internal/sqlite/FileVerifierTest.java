package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.sql.Session;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damage to the WAL at moments that tests of a whole store cannot hit. */
@Timeout(60)
class FileVerifierTest {
    private static final int PAGE_BYTES = 4096;

    @TempDir
    private Path folder;

    private StoreFile file;
    private WriterQueue writerQueue;
    private WalSync force;
    private Session reading;
    private WalIndex index;
    private WriteSession session;

    @BeforeEach
    void open() {
        file = StoreOpener.open(StoreConfig.of(folder.resolve("a.db")));
        writerQueue = new WriterQueue(file.path());
        force = new WalSync(file.path());
        reading = file.sqlite().openForReading();
        reading.number("SELECT count(*) FROM keys");
        Optional<WalIndex> mapped = file.mapIndex();
        assumeTrue(mapped.isPresent(), "the log is verified by its mapped index, on Linux on x86-64 only");
        index = mapped.orElseThrow();
        FileVerifier verifier =
                new FileVerifier(file.path(), () -> index.header().orElse(null), () -> 0);
        session = file.sqlite().openForCommits(writerQueue, force, verifier);
        for (int i = 0; i < 3; i++) {
            session.begin(false);
            write("before/" + i);
            session.commit(false, true);
        }
    }

    @AfterEach
    void close() {
        session.close();
        reading.close();
        index.closeWith(() -> {});
        writerQueue.close();
        force.close();
    }

    private void write(String key) {
        session.session().change("INSERT INTO current_values (key, value) VALUES (?, 'x')", key);
    }

    /** Overwrites eight bytes. SQLite takes no locks on the log, so none is lost. */
    private void overwrite(long at) throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(file.log().toFile(), "rw")) {
            log.seek(at);
            log.write(new byte[Long.BYTES]);
        }
    }

    private static void assertDamaged(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED));
    }

    @Test
    void frameLostDuringCommit_isNotAcknowledged() throws IOException {
        session.begin(false);
        overwrite(Files.size(file.log()) - PAGE_BYTES - Long.BYTES);
        write("lost");
        assertDamaged(() -> session.commit(false, true));
    }

    @Test
    void detectedDamage_isRemembered() throws IOException {
        overwrite(Files.size(file.log()) - PAGE_BYTES - Long.BYTES);
        assertDamaged(() -> session.begin(false));
        reading.number("PRAGMA wal_checkpoint(TRUNCATE)");
        assertDamaged(() -> session.begin(false));
    }
}
