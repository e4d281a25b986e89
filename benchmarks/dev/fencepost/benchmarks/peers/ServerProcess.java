package dev.fencepost.benchmarks.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server that is started for one figure. It is stopped by {@link #close}, or when this process ends. */
final class ServerProcess implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /** Checks that a server answers; fails until it does. */
    @FunctionalInterface
    interface Probe {
        void ask() throws Exception;
    }

    /** The signal that ends a server immediately, without a cleanup of its files; they are deleted anyway. */
    enum Stop {
        TERM,
        QUIT
    }

    private final Process process;
    private final Path log;
    private final Stop signal;
    private final Thread atExit;

    private ServerProcess(Process process, Path log, Stop signal) {
        this.process = process;
        this.log = log;
        this.signal = signal;
        this.atExit = new Thread(this::stop);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts a server that writes its output to a log. */
    static ServerProcess start(Path log, Stop signal, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new ServerProcess(process, log, signal);
    }

    /** Returns a port of the loopback address that is currently free. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until the server answers; stops it if it does not. */
    ServerProcess awaitAnswer(Probe probe) throws IOException, InterruptedException {
        long until = System.nanoTime() + LONGEST_START.toNanos();
        try {
            while (true) {
                try {
                    probe.ask();
                    return this;
                } catch (Exception e) {
                    if (!process.isAlive() || System.nanoTime() - until > 0) {
                        throw new IOException("the server did not start, and said: " + Files.readString(log), e);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
            }
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /** Returns the server's process and its descendants. */
    List<ProcessHandle> all() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    @Override
    public void close() {
        stop();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void stop() {
        try {
            String kill = "kill -" + signal + " " + process.pid();
            if (process.isAlive()
                    && new ProcessBuilder("sh", "-c", kill).start().waitFor() == 0) {
                process.waitFor(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly().onExit().join();
    }
}
