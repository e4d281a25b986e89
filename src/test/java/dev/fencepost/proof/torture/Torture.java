package dev.fencepost.proof.torture;

import dev.fencepost.CheckReport;
import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.proof.Launcher;
import dev.fencepost.proof.torture.Checker.Demand;
import dev.fencepost.proof.torture.Checker.Finding;
import dev.fencepost.proof.torture.Told.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** Rounds of lives on one store, each of which is cut short; and a check of everything after each round. */
final class Torture {
    private static final int WIDTH = 3;
    private static final int MOST_MILLIS = 250;
    private static final List<String> CASTS =
            List.of("put,count,move,batch,aside", "count,move,batch", "move,aside,put");

    private final Path state;
    private final long seed;
    private final Launcher launcher;
    private final Tally tally;
    private Path era;

    Torture(Path state, long seed, Launcher launcher) throws IOException {
        this.state = state;
        this.seed = seed;
        this.launcher = launcher;
        this.tally = new Tally(state.resolve("tally.json"));
        this.era = state.resolve("era-" + tally.get("eras"));
        if (!Files.exists(era.resolve("ready"))) {
            prepare();
        }
    }

    Tally tally() {
        return tally;
    }

    private void prepare() throws IOException {
        Files.createDirectories(era);
        try (Store store = Store.open(LifeMain.config(file(), Durability.POWER_LOSS))) {
            Keys.prepare(store, era);
        }
        Files.createFile(era.resolve("ready"));
    }

    private Path file() {
        return era.resolve("a.db");
    }

    /** Some lives, one after the other on each of a few threads; then the check. */
    List<String> round(int kills) throws IOException, InterruptedException, SQLException, ExecutionException {
        long round = tally.get("rounds");
        Random random = new Random(seed * 1_000_003 + round);
        Life.Place place = new Life.Place(file(), era, launcher);
        ExecutorService threads = Executors.newFixedThreadPool(WIDTH);
        try {
            List<Future<?>> lives = new ArrayList<>();
            for (int i = 0; i < kills; i++) {
                String name = "life-" + round + "-" + i;
                long own = random.nextLong();
                lives.add(threads.submit(() -> {
                    live(place, name, new Random(own));
                    return null;
                }));
            }
            for (Future<?> life : lives) {
                life.get();
            }
        } finally {
            threads.shutdownNow();
        }
        tally.add("rounds", 1);
        List<String> findings = check();
        tally.keep();
        return findings;
    }

    private void live(Life.Place place, String name, Random random) throws IOException {
        Durability durability = random.nextBoolean() ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
        String cast = CASTS.get(random.nextInt(CASTS.size()));
        try (Life life = place.begin(name, random.nextLong(), durability, cast)) {
            if (life.await("\ndone ")) {
                // At some moment: which one does not matter.
                LockSupport.parkNanos(1_000_000L * random.nextInt(MOST_MILLIS));
                life.kill();
                tally.add("kills", 1);
            } else {
                tally.add("stillborn", 1);
            }
        }
    }

    private List<String> check() throws IOException, SQLException {
        Told told = Told.in(era);
        Finding found = Checker.check(file(), told, Demand.ALL);
        List<String> findings = new ArrayList<>(found.findings());
        try (Store store = Store.open(LifeMain.config(file(), Durability.POWER_LOSS))) {
            CheckReport report = store.check();
            findings.addAll(report.findings());
        }
        tally.ofEra("acknowledged", told.count(Answer.ACKNOWLEDGED));
        tally.ofEra("refused", told.count(Answer.REFUSED));
        tally.ofEra("unheard", found.unheard());
        return findings;
    }
}
