package dev.fencepost.verification.powerloss;

import dev.fencepost.testing.ClassArchive;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.verification.LongRunningCommand;
import dev.fencepost.verification.crash.CdsTraining;
import dev.fencepost.verification.powerloss.Power.Outcome;
import dev.fencepost.verification.powerloss.Power.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that simulates power losses. Exit code 1 reports a failure, and 2 that this host cannot run it. */
@Command(name = "power", description = "Takes images of a disk under load, and opens the store in each.")
final class PowerMain extends LongRunningCommand {
    @Option(names = "--images", paramLabel = "N", defaultValue = "20", description = "How many for each durability.")
    private int images;

    @Option(names = "--control", paramLabel = "N", defaultValue = "20", description = "How many of a disk that lies.")
    private int control;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "What chance begins with.")
    private long seed;

    public static void main(String[] words) {
        run(new PowerMain(), words);
    }

    @Override
    public Integer call() throws Exception {
        List<String> missing = Disk.missing();
        if (!missing.isEmpty()) {
            terminal().println("Not possible here without " + String.join(", ", missing));
            return 2;
        }
        Path folder = Files.createTempDirectory("power");
        Disk.Way way = Disk.Way.here();
        Map<String, Object> here =
                begin(folder, Map.of("seed", seed, "images-are", way.name().toLowerCase(Locale.ROOT)));
        JvmLauncher launcher = ClassArchive.create(folder, CdsTraining.class);
        long begin = System.nanoTime();
        boolean right = true;
        try (Disk disk = new Disk(folder, way)) {
            for (Trial trial : Trial.values()) {
                boolean lying = trial == Trial.LYING_DISK;
                Outcome outcome = new Power(disk, folder, launcher, trial, seed).take(lying ? control : images);
                // The control must lose data; otherwise the method detects nothing.
                right &= lying
                        ? outcome.losing() > 0 || !outcome.findings().isEmpty()
                        : outcome.findings().isEmpty();
                here.put(trial.name(), outcome.figures());
                terminal().printf("%.0f s: %s %s%n", (System.nanoTime() - begin) / 1e9, trial, outcome.figures());
            }
        }
        here.put("seconds", (System.nanoTime() - begin) / 1_000_000_000);
        here.put("right", right);
        end(here);
        return right ? 0 : 1;
    }
}
