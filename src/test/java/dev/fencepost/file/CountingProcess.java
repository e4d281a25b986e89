package dev.fencepost.file;

import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.WorkerMain;
import dev.fencepost.testing.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Another process that increments a key's value with SQL alone, one commit after the other. It reports its acknowledged
 * commits in shared memory, so that a reader knows without waiting which value it must see.
 */
final class CountingProcess {
    static final String KEY = "count";
    private static final String COUNTING = "counting";

    /** The number of acknowledged commits, by any process. */
    static final class Acknowledged {
        private static final VarHandle COUNT =
                MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

        private final ByteBuffer shared;

        Acknowledged(Path file) {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
                shared = channel.map(MapMode.READ_WRITE, 0, Long.BYTES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        long get() {
            return (long) COUNT.getVolatile(shared, 0);
        }

        private void atLeast(long count) {
            for (long seen = get(); seen < count; seen = get()) {
                COUNT.compareAndSet(shared, 0, seen, count);
            }
        }
    }

    private CountingProcess() {}

    /**
     * Starts a process, and waits until it counts.
     *
     * @param acknowledged the file in shared memory with the acknowledged commits
     * @param checkpointPages the size of the WAL, in pages, at which a commit runs a checkpoint
     * @param commitsEach the number of commits after which the process closes its connection and opens another
     */
    static WorkerProcess start(Path file, Path acknowledged, int checkpointPages, int commitsEach) {
        WorkerProcess started = JvmLauncher.quick()
                .start(
                        CountingProcess.class,
                        file.toString(),
                        acknowledged.toString(),
                        "" + checkpointPages,
                        "" + commitsEach);
        started.expect(COUNTING);
        return started;
    }

    /** The main method of the process. */
    public static void main(String[] args) throws SQLException {
        WorkerMain.endWithStandardInput();
        Acknowledged acknowledged = new Acknowledged(Path.of(args[1]));
        boolean counting = false;
        while (true) {
            try (Connection connection = SqlShell.connect(Path.of(args[0]));
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 20000");
                statement.execute("PRAGMA wal_autocheckpoint = " + args[2]);
                statement.execute("PRAGMA synchronous = NORMAL");
                for (int i = 0; i < Integer.parseInt(args[3]); i++) {
                    acknowledged.atLeast(increment(connection, statement));
                    if (!counting) {
                        System.out.println(COUNTING);
                        counting = true;
                    }
                }
            }
        }
    }

    private static long increment(Connection connection, Statement statement) throws SQLException {
        statement.execute("BEGIN IMMEDIATE");
        long next;
        try (ResultSet present = statement.executeQuery("SELECT value FROM current_values WHERE key = '" + KEY + "'")) {
            next = Long.parseLong(present.getString(1)) + 1;
        }
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE current_values SET value = ? WHERE key = '" + KEY + "'")) {
            update.setString(1, "" + next);
            update.executeUpdate();
        }
        statement.execute("COMMIT");
        return next;
    }
}
