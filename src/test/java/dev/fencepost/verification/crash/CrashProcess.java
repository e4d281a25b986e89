package dev.fencepost.verification.crash;

import dev.fencepost.Durability;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.Signals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A worker process that is killed, stopped and continued. Not thread-safe. */
public final class CrashProcess implements AutoCloseable {
    private static final long PATIENCE_NANOS = 180_000_000_000L;
    private static final long LOOK_NANOS = 2_000_000;

    private final String name;
    private final Process process;
    private final Path ledger;
    private final StringBuilder said = new StringBuilder();

    private CrashProcess(String name, Process process, Path ledger) {
        this.name = name;
        this.process = process;
        this.ledger = ledger;
    }

    /** The environment of worker processes: the file, the folder of the ledgers, and the launcher. */
    public record Place(Path file, Path ledgers, JvmLauncher launcher) {
        /** Starts a process. */
        public CrashProcess begin(String name, long seed, Durability durability, String roles, String... before)
                throws IOException {
            Process process = launcher.wrappedBy(before)
                    .builder(
                            CrashMain.class,
                            file.toString(),
                            ledgers.toString(),
                            name,
                            Long.toString(seed),
                            durability.name(),
                            roles)
                    .redirectErrorStream(true)
                    .redirectOutput(ledgers.resolve(name + ".said").toFile())
                    .start();
            return new CrashProcess(name, process, AcknowledgedOperations.ledger(ledgers, name));
        }
    }

    public String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Returns the length of its ledger so far, in bytes. */
    int said() throws IOException {
        if (Files.exists(ledger)) {
            try (SeekableByteChannel channel = Files.newByteChannel(ledger)) {
                channel.position(said.length());
                ByteBuffer more = ByteBuffer.allocate((int) (channel.size() - said.length()));
                while (more.hasRemaining() && channel.read(more) >= 0) {
                    continue;
                }
                // All text is ASCII, so that characters are bytes.
                said.append(new String(more.array(), 0, more.position(), StandardCharsets.US_ASCII));
            }
        }
        return said.length();
    }

    /** Tells whether its ledger contains these words after this position. */
    boolean says(String words, int after) throws IOException {
        said();
        return said.indexOf(words, Math.max(0, after - 1)) >= 0;
    }

    /**
     * Waits until its ledger contains these words; returns false if the process ends or the time is over before that.
     */
    public boolean await(String words) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!says(words, 0)) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                return says(words, 0);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /** Returns the process ID of the worker, which differs from that of the started process if there is a tracer. */
    long pid() throws IOException {
        return says("\n", 0) ? Long.parseLong(said.substring("opening ".length(), said.indexOf("\n"))) : process.pid();
    }

    /** Stops the process immediately, and waits until it is stopped. */
    public void stop() throws IOException {
        Signals.send("STOP", pid());
        ProcessHandle.of(pid()).ifPresent(Signals::awaitStopped);
    }

    public void wake() throws IOException {
        Signals.send("CONT", pid());
    }

    /** Kills the process as {@code kill -9} does, and waits for its end. */
    public void kill() {
        List<ProcessHandle> traced = process.descendants().toList();
        traced.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
        traced.forEach(one -> one.onExit().join());
    }

    @Override
    public void close() {
        kill();
    }
}
