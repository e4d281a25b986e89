package dev.fencepost.examples;

import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.event.Subscription;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;

/** A process that curates until it is killed or its standard input ends. */
final class CuratorProcess {
    private CuratorProcess() {}

    static WorkerProcess start(Path file) {
        WorkerProcess started = JvmLauncher.quick().start(CuratorProcess.class, file.toString());
        started.answer();
        return started;
    }

    static StoreConfig config(Path file) {
        return StoreConfig.of(file).withDurability(Durability.PROCESS_DEATH);
    }

    /** Runs in the child process. */
    public static void main(String[] args) throws IOException {
        try (Store store = Store.open(config(Path.of(args[0])));
                Subscription curating = Curator.begin(store.agent("curator"))) {
            System.out.println("curating by " + curating.cursor());
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }
}
