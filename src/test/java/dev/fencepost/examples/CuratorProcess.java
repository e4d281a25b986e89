package dev.fencepost.examples;

import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.event.Subscription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A process that curates until it is killed or its standard input ends. */
final class CuratorProcess implements AutoCloseable {
    private final Process process;

    private CuratorProcess(Process process) {
        this.process = process;
    }

    static CuratorProcess start(Path file) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CuratorProcess.class.getName(),
                file.toString());
        Process started = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (started.inputReader(StandardCharsets.UTF_8).readLine() == null) {
            throw new IOException("the curator did not come up");
        }
        return new CuratorProcess(started);
    }

    static StoreConfig config(Path file) {
        return StoreConfig.of(file).withDurability(Durability.PROCESS_DEATH);
    }

    /** Kills the process, as {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    /** Runs in the child process. */
    public static void main(String[] args) throws Exception {
        try (Store store = Store.open(config(Path.of(args[0])));
                Subscription curating = Curator.begin(store.agent("curator"))) {
            System.out.println("curating by " + curating.cursor());
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }
}
