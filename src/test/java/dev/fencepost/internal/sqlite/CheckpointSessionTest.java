package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.StoreConfig;
import dev.fencepost.internal.sql.Session;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers during a checkpoint, and the time for which it waits for them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CheckpointSessionTest {
    private static final Duration LONGER_THAN_THIS_TEST = Duration.ofSeconds(70);

    @TempDir
    Path folder;

    private StoreFile file;
    private WalSync force;
    private Session writer;
    private Session reader;
    private CheckpointSession checkpoints;

    @BeforeEach
    void open() {
        file = StoreOpener.open(StoreConfig.of(folder.resolve("a.db")).withWriteLockTimeout(LONGER_THAN_THIS_TEST));
        force = new WalSync(file.path());
        writer = file.sqlite().open();
        reader = file.sqlite().openForReading();
        checkpoints = file.sqlite().openForCheckpoints(force);
    }

    @AfterEach
    void close() {
        checkpoints.close();
        reader.close();
        writer.close();
        force.close();
    }

    private void write(String key) {
        writer.change("INSERT INTO current_values (key, value) VALUES (?, 'x')", key);
    }

    private void read() {
        reader.change("BEGIN");
        reader.number("SELECT max(sequence) FROM commits");
    }

    /** A reader of the newest frames blocks no frame. But the WAL cannot restart while any reader uses it. */
    @Test
    void readerOfNewestFrames_delaysOnlyTheRestart() {
        write("1");
        read();
        CheckpointSession.Log log = checkpoints.move();
        assertThat(log.moved()).isEqualTo(log.pages());
        assertThat(checkpoints.moveAll()).isFalse();
        write("2");
        reader.change("COMMIT");
        assertThat(checkpoints.moveAll()).isTrue();
    }

    @Test
    void readerOfOlderFrames_blocksNewerFrames() {
        write("1");
        read();
        write("2");
        CheckpointSession.Log log = checkpoints.move();
        assertThat(log.moved()).isLessThan(log.pages());
    }
}
