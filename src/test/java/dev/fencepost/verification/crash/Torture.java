package dev.fencepost.verification.crash;

import dev.fencepost.CheckReport;
import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.verification.crash.AcknowledgedOperations.Answer;
import dev.fencepost.verification.crash.Checker.Demand;
import dev.fencepost.verification.crash.Checker.Finding;
import dev.fencepost.verification.crash.Restoring.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Rounds of worker processes on one store. Each process is killed, and everything is checked after each round. */
final class Torture {
    private static final long COMMITS_OF_AN_ERA = 60_000;
    private static final Duration BUSY = Duration.ofMillis(300);
    private static final int MAX_OPENINGS = 200;
    private static final String RESTORED = "restored";

    private final Path state;
    private final long seed;
    private final int width;
    private final JvmLauncher launcher;
    private final Totals tally;
    private Path era;

    /**
     * Continues from the state in the folder.
     *
     * @param width the number of concurrent processes
     */
    Torture(Path state, long seed, int width, JvmLauncher launcher) throws IOException {
        this.state = state;
        this.seed = seed;
        this.width = width;
        this.launcher = launcher;
        this.tally = new Totals(state.resolve("tally.json"));
        this.era = era();
    }

    Totals tally() {
        return tally;
    }

    /** Returns the folder of the current era. Each era has its own store, so that the time of a check is bounded. */
    private Path era() throws IOException {
        Path folder = state.resolve("era-" + tally.get("eras"));
        if (!Files.exists(folder.resolve("ready"))) {
            Files.createDirectories(folder);
            try (Store store = Store.open(CrashMain.config(folder.resolve("a.db"), Durability.POWER_LOSS))) {
                Keys.prepare(store, folder);
            }
            Files.createFile(folder.resolve("ready"));
        } else if (Files.exists(folder.resolve(RESTORED))) {
            // Only the process that restored the store knew its histories.
            tally.add("eras", 1);
            return era();
        }
        return folder;
    }

    private Path file() {
        return era.resolve("a.db");
    }

    /** Runs a round in which the store is not replaced. */
    List<String> round(int liveness, int holders)
            throws IOException, InterruptedException, SQLException, ExecutionException {
        return round(liveness, holders, List.of());
    }

    /** Returns incidents in a random order, each kind equally often. */
    List<Kind> misfortunes(int count) {
        Random chance = new Random(seed * 7_919 + tally.get("rounds"));
        List<Kind> all = new ArrayList<>();
        while (all.size() < count) {
            List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
            Collections.shuffle(kinds, chance);
            all.addAll(kinds);
        }
        return all.subList(0, count);
    }

    /**
     * Runs worker processes, a few at a time, beside processes that are stopped and continued. Between them are
     * incidents of the store. Then checks everything.
     */
    List<String> round(int liveness, int holders, List<Kind> misfortunes)
            throws IOException, InterruptedException, SQLException, ExecutionException {
        long begin = System.nanoTime();
        long stillborn = tally.get(KillSchedule.STILLBORN);
        long round = tally.get("rounds");
        tally.add("rounds", 1);
        // An unfinished round is counted too, so that no name is used twice.
        tally.keep();
        Random random = new Random(seed * 1_000_003 + round);
        CrashProcess.Place place = new CrashProcess.Place(file(), era, launcher);
        Histories histories = new Histories();
        Restoring restoring = new Restoring(place, width, histories, tally, new Random(random.nextLong()));
        if (!misfortunes.isEmpty()) {
            Files.createFile(era.resolve(RESTORED));
            try (Store store = Store.open(CrashMain.config(file(), Durability.POWER_LOSS))) {
                histories.begin(store.id());
            }
        }
        List<String> findings = new ArrayList<>();
        int parts = misfortunes.size() + 1;
        for (int part = 0; part < parts && findings.isEmpty(); part++) {
            String names = round + (parts == 1 ? "" : "-" + part);
            live(place, names, (liveness + parts - 1) / parts, holders, random, parts == 1 ? null : restoring);
            if (part < misfortunes.size()) {
                findings.addAll(restoring.bringAbout(misfortunes.get(part), "restored-" + names));
            }
        }
        findings.addAll(checked(begin, stillborn, histories));
        if (!misfortunes.isEmpty() && findings.isEmpty()) {
            beginEra();
        }
        return findings;
    }

    /** Runs worker processes beside processes that hold claims, and sometimes a backup. */
    private void live(
            CrashProcess.Place place,
            String names,
            int liveness,
            int holders,
            Random random,
            @Nullable Restoring restoring)
            throws IOException, InterruptedException, ExecutionException {
        KillSchedule mortal = new KillSchedule(place, tally, SyscallKiller.possible());
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(width);
        ExecutorService others = Executors.newFixedThreadPool(holders + 1);
        try {
            List<Future<?>> watched = new ArrayList<>();
            for (int i = 0; i < holders; i++) {
                String name = "holder-" + names + "-" + i;
                long own = random.nextLong();
                watched.add(others.submit(() -> hold(place, name, new Random(own), over)));
            }
            List<Future<?>> lived = new ArrayList<>();
            for (int i = 0; i < liveness; i++) {
                String name = "life-" + names + "-" + i;
                long own = random.nextLong();
                lived.add(threads.submit(() -> mortal.live(name, new Random(own))));
            }
            if (restoring != null) {
                restoring.backup();
            }
            await(lived);
            over.set(true);
            await(watched);
        } finally {
            over.set(true);
            threads.shutdownNow();
            others.shutdownNow();
        }
    }

    private List<String> checked(long begin, long stillborn, Histories histories) throws IOException, SQLException {
        List<String> findings = check(histories);
        if (tally.get(KillSchedule.STILLBORN) > stillborn) {
            findings.add("some did not come up, or did nothing for minutes; see " + era);
        }
        tally.add("seconds", (System.nanoTime() - begin) / 1_000_000_000);
        tally.keep();
        return findings;
    }

    private static void await(List<Future<?>> all) throws InterruptedException, ExecutionException {
        for (Future<?> one : all) {
            one.get();
        }
    }

    /** Opens a store that may be busy for longer than the write lock timeout. */
    private static Store openPatiently(StoreConfig config) {
        for (int attempt = 1; ; attempt++) {
            try {
                return Store.open(config);
            } catch (WriteLockTimeoutException e) {
                if (attempt == MAX_OPENINGS) {
                    throw e;
                }
            }
        }
    }

    /** Runs a process that holds claims, and stops and continues it at least once, until the round is over. */
    private int hold(CrashProcess.Place place, String name, Random random, AtomicBoolean over)
            throws IOException, InterruptedException {
        try (CrashProcess life = place.begin(name, random.nextLong(), Durability.PROCESS_DEATH, StalledHolders.CAST);
                Ledger ledger = new Ledger(AcknowledgedOperations.ledger(era, name + "-heir"));
                Store store = openPatiently(
                        CrashMain.config(file(), Durability.PROCESS_DEATH).withWriteLockTimeout(BUSY))) {
            ledger.opened(store.id());
            if (!life.await("\ngranted ")) {
                tally.add(KillSchedule.STILLBORN, 1);
                return 0;
            }
            StalledHolders zombies = new StalledHolders(life, store, ledger, tally, random);
            int turns = 0;
            do {
                zombies.turn();
                turns++;
            } while (!over.get());
            life.kill();
            tally.add("kills", 1);
            return turns;
        }
    }

    private List<String> check(Histories histories) throws IOException, SQLException {
        AcknowledgedOperations told = AcknowledgedOperations.in(era);
        Map<String, String> sagas = new HashMap<>();
        told.sagas().forEach((saga, end) -> {
            if (histories.lineage().keeps(end.line())) {
                sagas.put(saga, end.text());
            }
        });
        List<String> findings = new ArrayList<>();
        CheckReport report;
        try (Store store = Store.open(CrashMain.config(file(), Durability.POWER_LOSS));
                Store bank = Store.open(CrashMain.config(SagaWorkload.bank(file()), Durability.POWER_LOSS))) {
            findings.addAll(new SagaWorkload(bank, new Random(seed)).settle(store, sagas, histories.unfinishedSagas()));
            findings.addAll(FeedWorkload.wrong(store));
            report = store.check();
            findings.addAll(report.findings());
            findings.addAll(bank.check().findings());
        }
        findings.addAll(OpenWorkload.wrong(era, told.made()));
        Finding found = Checker.check(file(), told, Demand.ALL, histories.lineage());
        findings.addAll(found.findings());
        findings.addAll(histories.wrong(told));
        tally.ofEra("acknowledged", told.count(Answer.ACKNOWLEDGED));
        tally.ofEra("refused", told.count(Answer.REFUSED));
        tally.ofEra("unheard-but-there", found.unheard());
        tally.ofEra("fenced", told.fenced());
        tally.ofEra("sagas-ended", told.sagas().size());
        tally.ofEra("stores-made", told.made().size());
        tally.ofEra("commits", report.commits());
        if (report.commits() > COMMITS_OF_AN_ERA && findings.isEmpty() && !Files.exists(era.resolve(RESTORED))) {
            beginEra();
        }
        return findings;
    }

    private void beginEra() throws IOException {
        Path old = era;
        tally.add("eras", 1);
        era = era();
        Folders.delete(old);
        tally.keep();
    }
}
