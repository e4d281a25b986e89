package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The writer queue of a process, as its file beside the database shows it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriterQueueTest extends StoreTest {
    /** The offsets of the time of the last contention, and of the number of turns taken. */
    private static final int CONTENDED_AT = 0;

    private static final int TURNS = 16;

    /** The byte that the writer whose turn it is has locked. */
    private static final long TURN = 9;

    private static final int MANY = 2_000;

    private long number(int at) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("a.db-queue"));
        return bytes.length < at + Long.BYTES ? 0 : ByteBuffer.wrap(bytes).getLong(at);
    }

    @Test
    void writer_onTakenLock_reportsContention_andTakesItsTurn() throws Exception {
        try (StoreProcess child = new StoreProcess(file);
                Connection other = SqlShell.connect(file);
                Statement statement = other.createStatement()) {
            assertThat(child.ask("one")).isEqualTo("version 1");
            assertThat(number(CONTENDED_AT)).isZero();
            assertThat(number(TURNS)).isZero();
            statement.execute("BEGIN IMMEDIATE");
            child.tell("two");
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (number(CONTENDED_AT) == 0 || number(TURNS) == 0) {
                assertThat(System.nanoTime())
                        .as("no writer says that it waits, or none is at the head of the queue")
                        .isLessThan(end);
            }
            statement.execute("ROLLBACK");
            assertThat(child.answer()).isEqualTo("version 2");
        }
    }

    @Test
    void turn_inContention_isReleasedBeforeTheAnswer() throws Exception {
        try (StoreProcess child = new StoreProcess(file);
                Contention contention = new Contention(file)) {
            int puts = 0;
            while (number(TURNS) < 20 && puts < MANY) {
                assertThat(child.ask("value " + puts)).startsWith("version ");
                assertThat(contention.isFree(TURN)).isTrue();
                puts++;
            }
            assertThat(puts).isLessThan(MANY);
        }
    }
}
