package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The size of a file by its versions, one in each commit. It is the same on every machine. */
final class FileSize {
    private static final int VALUE_SIZE = 100;
    private static final int KEYS = 1_000;
    private static final int ROUNDS = 100;

    private FileSize() {}

    static void measure(Run run) throws Exception {
        int rounds = run.depth() == Run.Depth.INSTANT ? 1 : ROUNDS;
        KeySpace space = new KeySpace("keys/", KEYS, VALUE_SIZE);
        try (TemporaryFolder folder = TemporaryFolder.in(run.memory(), "file-size")) {
            Path file = folder.file("values.db");
            try (Store store = Settings.of(file, Durability.PROCESS_DEATH)
                    .with(Settings.CACHE, 0)
                    .open()) {
                Agent agent = store.agent("filler");
                for (int round = 0; round < rounds; round++) {
                    for (int number = 0; number < KEYS; number++) {
                        agent.put(space.key(number), space.value(number)).orThrow();
                    }
                }
            }
            // Closing the only store of a file moves its whole log into it.
            double bytes = Files.size(file);
            int versions = KEYS * rounds;
            space.verify(file, versions);
            run.figure(
                    Figures.FENCEPOST,
                    Run.settings("versions", versions, "keys", KEYS, "bytes of a value", VALUE_SIZE),
                    bytes / versions,
                    "bytes/version");
        }
    }
}
