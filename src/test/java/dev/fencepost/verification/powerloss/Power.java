package dev.fencepost.verification.powerloss;

import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.SqlPrompt;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.verification.crash.AcknowledgedOperations;
import dev.fencepost.verification.crash.AcknowledgedOperations.Answer;
import dev.fencepost.verification.crash.Checker;
import dev.fencepost.verification.crash.Checker.Demand;
import dev.fencepost.verification.crash.Checker.Finding;
import dev.fencepost.verification.crash.CrashMain;
import dev.fencepost.verification.crash.CrashProcess;
import dev.fencepost.verification.crash.FeedWorkload;
import dev.fencepost.verification.crash.Folders;
import dev.fencepost.verification.crash.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Takes images of a disk under load, and checks the store in each against the earlier acknowledgements. */
final class Power {
    private static final int IMAGES_OF_A_STORE = 10;
    private static final int MOST_MILLIS = 150;
    private static final List<String> CASTS =
            List.of("put,count,move,batch,aside,claim", "count,claim,project,propose,curate");

    /** The durability and disk under test. */
    enum Trial {
        /** Commits are acknowledged after the fsync. */
        POWER_LOSS(Durability.POWER_LOSS, Demand.ALL, List.of()),
        /** Commits are acknowledged after the write to the kernel; the newest may be lost. */
        PROCESS_DEATH(Durability.PROCESS_DEATH, Demand.PREFIX, List.of()),
        /** The same as {@link #POWER_LOSS}, on a disk that reports success without writing. */
        LYING_DISK(
                Durability.POWER_LOSS,
                Demand.PREFIX,
                List.of(
                        "strace",
                        "-f",
                        "--seccomp-bpf",
                        "-qq",
                        "-o",
                        "/dev/null",
                        "-e",
                        "trace=fsync,fdatasync",
                        "-e",
                        "inject=fsync,fdatasync:retval=0"));

        private final Durability durability;
        private final Demand demand;
        private final List<String> before;

        Trial(Durability durability, Demand demand, List<String> before) {
            this.durability = durability;
            this.demand = demand;
            this.before = before;
        }
    }

    /**
     * The result of a trial.
     *
     * @param images the number of images
     * @param acknowledged the number of operations acknowledged before each image, summed over the images
     * @param losing the number of images in which acknowledged operations were missing
     * @param damaged the number of damaged images of a lying disk, which promises nothing
     * @param lost the number of missing operations in all images
     */
    record Outcome(int images, long acknowledged, int losing, int damaged, long lost, List<String> findings) {
        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("images", images);
            figures.put("acknowledged", acknowledged);
            figures.put("images-that-lost", losing);
            figures.put("damaged", damaged);
            figures.put("lost", lost);
            figures.put("findings", findings);
            return figures;
        }
    }

    private final Disk disk;
    private final Path folder;
    private final JvmLauncher launcher;
    private final Random random;
    private final Trial trial;
    private final List<String> findings = new ArrayList<>();
    private int images;
    private int losing;
    private int damaged;
    private long acknowledged;
    private long lost;

    Power(Disk disk, Path folder, JvmLauncher launcher, Trial trial, long seed) {
        this.disk = disk;
        this.folder = folder;
        this.launcher = launcher;
        this.trial = trial;
        this.random = new Random(seed);
    }

    /** Takes images, of several stores in turn. */
    Outcome take(int wanted) throws Exception {
        for (int store = 0; images < wanted && findings.isEmpty(); store++) {
            ofOneStore(trial + "-" + store, Math.min(wanted, images + IMAGES_OF_A_STORE));
        }
        return new Outcome(images, acknowledged, losing, damaged, lost, findings);
    }

    private void ofOneStore(String name, int until) throws Exception {
        Path place = Files.createDirectory(disk.folder().resolve(name));
        Path ledgers = Files.createDirectory(folder.resolve(name));
        Path file = place.resolve("a.db");
        try (Store store = Store.open(config(file))) {
            Keys.prepare(store, ledgers);
        }
        disk.sync();
        List<CrashProcess> liveness = new ArrayList<>();
        try {
            for (int i = 0; i < CASTS.size(); i++) {
                liveness.add(new CrashProcess.Place(file, ledgers, launcher)
                        .begin("life-" + i, random.nextLong(), trial.durability, CASTS.get(i), before()));
            }
            for (CrashProcess life : liveness) {
                if (!life.await("\ndone ")) {
                    throw new IOException("A writer did not come up; see " + ledgers);
                }
            }
            // Otherwise an image is refused as a copy, because the original is still in its place.
            SqlPrompt.run(file, "UPDATE store_place SET path = x''");
            disk.sync();
            while (images < until && findings.isEmpty()) {
                image(name, ledgers, liveness);
            }
        } finally {
            liveness.forEach(CrashProcess::kill);
        }
        Folders.delete(place);
        if (findings.isEmpty()) {
            Folders.delete(ledgers);
        }
    }

    private String[] before() {
        return trial.before.toArray(String[]::new);
    }

    /** Returns the configuration. It maps no memory, because a mapping would prevent the disk from being unmounted. */
    private StoreConfig config(Path file) {
        return CrashMain.config(file, trial.durability).withMappedWalIndex(false);
    }

    private void image(String name, Path ledgers, List<CrashProcess> liveness) throws Exception {
        // The moment is random.
        LockSupport.parkNanos(1_000_000L * random.nextInt(MOST_MILLIS));
        Map<String, Long> lengths = AcknowledgedOperations.lengths(ledgers);
        Path taken = disk.take(liveness);
        images++;
        List<String> wrong = new ArrayList<>();
        long before = lost;
        disk.in(taken, mounted -> {
            try {
                look(mounted.resolve(name).resolve("a.db"), ledgers, lengths, wrong);
            } catch (FencepostException | SQLException e) {
                wrong.add("the store in the image cannot be used: " + e);
            }
            return wrong;
        });
        losing += lost > before || !wrong.isEmpty() ? 1 : 0;
        if (trial == Trial.LYING_DISK) {
            // Such a disk promises nothing.
            damaged += wrong.isEmpty() ? 0 : 1;
        } else {
            findings.addAll(wrong);
        }
    }

    private void look(Path file, Path ledgers, Map<String, Long> lengths, List<String> wrong)
            throws IOException, SQLException {
        try (Store store = Store.open(config(file))) {
            wrong.addAll(store.check().findings());
            wrong.addAll(FeedWorkload.wrong(store));
        }
        // The operations in the image have begun by now, so the ledgers name them.
        AcknowledgedOperations told = AcknowledgedOperations.in(ledgers, lengths);
        acknowledged += told.count(Answer.ACKNOWLEDGED);
        Finding found = Checker.check(file, told, trial.demand);
        wrong.addAll(found.findings());
        lost += found.lost();
        try (Store store = Store.open(config(file))) {
            store.agent("after").put(Key.text("after"), "it goes on").orThrow();
        }
    }
}
