package dev.fencepost.verification.crash;

import dev.fencepost.Durability;
import dev.fencepost.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A worker process with a normal end, whose loaded classes are archived for later ones. */
public final class CdsTraining {
    private static final String MILLIS = "2000";

    private CdsTraining() {}

    /** Runs the process. It takes no arguments. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("training");
        Path file = folder.resolve("a.db");
        try (Store store = Store.open(CrashMain.config(file, Durability.POWER_LOSS))) {
            Keys.prepare(store, folder);
        }
        CrashMain.main(new String[] {
            file.toString(), folder.toString(), "life", "1", Durability.POWER_LOSS.name(), CrashMain.EVERYTHING, MILLIS
        });
    }
}
