package dev.fencepost.verification.crash;

import dev.fencepost.AdoptionReport;
import dev.fencepost.BackupOptions;
import dev.fencepost.BackupReport;
import dev.fencepost.CheckReport;
import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.RestoreOptions;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.verification.crash.Checker.Demand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Restores, adoptions and truncations of a store with working processes. The processes are killed, or stopped and
 * continued after the replacement of the store. Not thread-safe, except {@link #backup}.
 */
final class Restoring {
    private static final RestoreOptions OPTIONS = RestoreOptions.by("operator");
    private static final Duration BUSY = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_COPIES = 5;
    private static final int MAX_REFERENCES = 6;

    /** An incident after which an older copy takes the place of the store. */
    enum Kind {
        /** A restore of a backup after a kill of all processes. */
        RESTORE,
        /** The same, with a kill of the restoring process. */
        KILLED_RESTORE,
        /** An adoption of an older copy that is moved over the file while its processes are stopped. */
        ADOPT,
        /** An older copy that is written over the file, in place, while its processes write. */
        OVERWRITE,
        /** A truncation of the log while its processes write. */
        TRUNCATE_LOG,
        /** A truncation of the database file to zero while its processes write. */
        EMPTY_FILE
    }

    /** A copy that can be restored. */
    private record Copy(Path file, Histories.Origin origin) {}

    private final CrashProcess.Place place;
    private final int size;
    private final Histories histories;
    private final Totals tally;
    private final Random random;
    private final List<Copy> copies = new ArrayList<>();
    private final List<LostReference> references = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private int names;

    /**
     * Prepares for a round.
     *
     * @param size the number of processes that work during the replacement of the store
     */
    Restoring(CrashProcess.Place place, int size, Histories histories, Totals tally, Random random) {
        this.place = place;
        this.size = size;
        this.histories = histories;
        this.tally = tally;
        this.random = random;
    }

    private StoreConfig config() {
        return CrashMain.config(place.file(), Durability.POWER_LOSS).withWriteLockTimeout(BUSY);
    }

    private Map<String, Long> lengths() throws IOException {
        return AcknowledgedOperations.lengths(place.ledgers());
    }

    /** Makes a backup while others write. */
    synchronized void backup() throws IOException {
        Path target = Image.beside(place.file(), ".copy-" + names++);
        try (Store store = Store.open(config().withWriteLockTimeout(PATIENCE))) {
            references.add(LostReference.take(store, "reference-" + names++));
            Map<String, Long> before = lengths();
            BackupReport report = store.backup(target, BackupOptions.defaults());
            copies.add(new Copy(target, histories.copied(report.position().sequence(), before, lengths())));
            tally.add("backups", 1);
        } catch (WriteLockTimeoutException e) {
            // A process was stopped in the middle of a commit.
            tally.add("backups-too-late", 1);
        }
    }

    /** Creates references that the existing copies do not know. */
    private void refer() {
        try (Store store = Store.open(config().withWriteLockTimeout(PATIENCE))) {
            references.add(LostReference.take(store, "reference-" + names++));
        } catch (WriteLockTimeoutException e) {
            // A process was stopped in the middle of a commit.
            tally.add("references-too-late", 1);
        }
    }

    /** Deletes some random copies and references. */
    private void prune() throws IOException {
        while (copies.size() > MAX_COPIES) {
            Files.delete(copies.remove(random.nextInt(copies.size())).file());
        }
        while (references.size() > MAX_REFERENCES) {
            references.remove(random.nextInt(references.size()));
        }
    }

    /** Causes an incident, puts an older copy in place, and returns the violations. */
    List<String> bringAbout(Kind kind, String name) throws IOException, InterruptedException, SQLException {
        wrong.clear();
        prune();
        try (Crowd crowd = new Crowd(place, size, tally, random, name)) {
            crowd.begin();
            if (copies.size() < 2 || random.nextInt(3) == 0) {
                backup();
            }
            refuseWhileOpen(crowd);
            refer();
            switch (kind) {
                case RESTORE, KILLED_RESTORE -> restore(kind, crowd);
                case ADOPT -> adopt(crowd);
                case OVERWRITE -> overwrite(crowd);
                case TRUNCATE_LOG, EMPTY_FILE -> truncate(kind, crowd);
            }
            crowd.another();
            wrong.addAll(crowd.awaitRefusals());
        }
        verify();
        return List.copyOf(wrong);
    }

    /** Checks that a store is neither replaced nor adopted while running or stopped processes have it open. */
    private void refuseWhileOpen(Crowd crowd) throws IOException, InterruptedException {
        if (random.nextBoolean()) {
            crowd.stopSome();
        }
        try {
            if (random.nextBoolean()) {
                Store.restore(config(), anyCopy().file(), OPTIONS);
            } else {
                Store.adopt(config(), "operator");
            }
            wrong.add("a store that processes had open was replaced or adopted");
        } catch (WriteLockTimeoutException e) {
            tally.add("restores-refused-while-open", 1);
        }
        crowd.wakeSome();
    }

    private Copy anyCopy() {
        return copies.get(random.nextInt(copies.size()));
    }

    private Image image(String name) throws IOException, SQLException {
        return Image.of(place.file(), Image.beside(place.file(), name));
    }

    private void restore(Kind kind, Crowd crowd) throws IOException, InterruptedException, SQLException {
        crowd.stopSome();
        crowd.killAll();
        CrashProcess late = crowd.opening();
        Copy copy = anyCopy();
        Image old = end();
        if (kind == Kind.KILLED_RESTORE && restoreAndKill(copy, old, crowd)) {
            late.wake();
            return;
        }
        AdoptionReport report;
        try {
            report = restore(copy);
        } catch (WriteLockTimeoutException e) {
            // The process that was stopped while it opened the store has it open.
            tally.add("restores-refused-while-opening", 1);
            late.kill();
            report = restore(copy);
        }
        succeed(copy, report, old.epochs());
        late.wake();
    }

    /** Ends the history while all processes are stopped or dead. Its image can be restored later. */
    private Image end() throws IOException, SQLException {
        Image old = image(".copy-" + names++);
        Map<String, Long> lengths = lengths();
        if (!old.history().equals(histories.present())) {
            wrong.add("the store is " + old.history() + " instead of " + histories.present());
        }
        copies.add(new Copy(old.file(), histories.copied(old.newest(), lengths, lengths)));
        references.replaceAll(one -> one.position().storeId().equals(old.history()) ? one.with(old) : one);
        histories.end(lengths, old.newest());
        return old;
    }

    private AdoptionReport restore(Copy copy) {
        try {
            return Store.restore(config(), copy.file(), OPTIONS);
        } catch (UnusableStoreException e) {
            tally.add("restores-forced", 1);
            return Store.restore(config(), copy.file(), OPTIONS.forced());
        }
    }

    private boolean restoreAndKill(Copy copy, Image old, Crowd crowd)
            throws IOException, InterruptedException, SQLException {
        crowd.killRestore(copy.file());
        Image found = image(".after-kill");
        tally.add("restores-killed", 1);
        boolean done = !found.history().equals(old.history());
        if (done) {
            tally.add("restores-killed-when-done", 1);
            succeeded(copy, found, true, old.epochs());
        }
        return done;
    }

    private void adopt(Crowd crowd) throws IOException, InterruptedException, SQLException {
        crowd.stopAll();
        Copy copy = anyCopy();
        Image old = end();
        Image.place(copy.file(), place.file());
        Image before = image(".placed");
        AdoptionReport report = Store.adopt(config(), "operator");
        succeed(copy, report, before.epochs());
        tally.add("adoptions", 1);
        if (old.history().equals(report.storeId())) {
            wrong.add("the adopted store has the id of the replaced one");
        }
        crowd.wakeAll();
    }

    private void overwrite(Crowd crowd) throws IOException, SQLException {
        Copy copy = anyCopy();
        // Otherwise a process that has seen only the state of the copy could continue.
        crowd.awaitMore();
        histories.excuse(lengths());
        Image.overwrite(copy.file(), place.file());
        histories.end(lengths(), Long.MAX_VALUE);
        crowd.expectRefusals();
        wrong.addAll(crowd.awaitRefusals());
        crowd.killAll();
        Image before = image(".placed");
        succeed(copy, adoptOrRestore(copy), before.epochs());
        tally.add("overwritten", 1);
    }

    /**
     * Adopts or restores the store. If the log holds the copy while the file holds the earlier state, the log looks
     * like that of another store.
     */
    private AdoptionReport adoptOrRestore(Copy copy) {
        try {
            return Store.adopt(config(), "operator");
        } catch (UnusableStoreException e) {
            if (e.reason() != Reason.FOREIGN_LOG) {
                throw e;
            }
            tally.add("adoptions-refused-for-the-log", 1);
            return Store.restore(config(), copy.file(), OPTIONS);
        }
    }

    private void truncate(Kind kind, Crowd crowd) throws IOException, InterruptedException, SQLException {
        Path file = kind == Kind.EMPTY_FILE ? place.file() : Image.beside(place.file(), "-wal");
        long length = kind == Kind.EMPTY_FILE || random.nextBoolean() ? 0 : random.nextLong(1 + Files.size(file));
        if (random.nextBoolean()) {
            crowd.killOthers();
        }
        histories.excuse(lengths());
        crowd.truncate(file, length);
        Map<String, Long> after = lengths();
        crowd.awaitAnswers();
        crowd.killAll();
        tally.add("truncations", 1);
        Map<String, Long> epochs = Map.of();
        try {
            Image old = image(".truncated");
            epochs = old.epochs();
            wrong.addAll(Truncation.missing(
                    old.file(), AcknowledgedOperations.in(place.ledgers()), histories.present(), after));
        } catch (SQLException e) {
            tally.add("truncated-beyond-reading", 1);
            wrong.addAll(
                    Truncation.acknowledged(AcknowledgedOperations.in(place.ledgers()), histories.present(), after));
        }
        Copy copy = anyCopy();
        histories.end(lengths(), Long.MAX_VALUE);
        AdoptionReport report = restore(copy);
        succeed(copy, report, report.epochsKnown() ? epochs : Map.of());
    }

    private void succeed(Copy copy, AdoptionReport report, Map<String, Long> epochs) throws IOException, SQLException {
        Image found = image(".restored");
        if (!found.history().equals(report.storeId())) {
            wrong.add("the report names " + report.storeId() + ", and the store is " + found.history());
        }
        succeeded(copy, found, report.epochsKnown(), epochs);
    }

    private void succeeded(Copy copy, Image found, boolean all, Map<String, Long> epochs) {
        epochs.forEach((key, epoch) -> {
            if (found.epochs().getOrDefault(key, 0L) <= epoch) {
                wrong.add("the epoch of " + key + " was " + epoch + ", and is "
                        + found.epochs().get(key));
            }
        });
        histories.replaced(copy.origin(), found.history(), all);
        tally.add("replacements", 1);
    }

    /** Checks the file and all ledgers while no process has the file open. */
    private void verify() throws IOException, SQLException {
        try (Store store = Store.open(config().withWriteLockTimeout(PATIENCE))) {
            for (LostReference reference : references) {
                String history = reference.position().storeId();
                if (!history.equals(store.id())) {
                    wrong.addAll(reference.offer(store, histories.isRemembered(history)));
                    tally.add("lost-references-refused", 1);
                }
            }
            CheckReport report = store.check();
            wrong.addAll(report.findings());
            histories.unfinishedSagas().addAll(SagaWorkload.unfinished(store));
        } catch (FencepostException e) {
            wrong.add("the restored store cannot be used: " + e);
        }
        AcknowledgedOperations told = AcknowledgedOperations.in(place.ledgers());
        wrong.addAll(Checker.check(place.file(), told, Demand.ALL, histories.lineage())
                .findings());
        wrong.addAll(histories.wrong(told));
    }
}
