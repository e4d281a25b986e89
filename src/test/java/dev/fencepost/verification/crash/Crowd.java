package dev.fencepost.verification.crash;

import dev.fencepost.Durability;
import dev.fencepost.testing.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The processes that work on a store while it is replaced or truncated. Not thread-safe. */
final class Crowd implements AutoCloseable {
    private static final int MAX_MILLIS = 80;
    private static final int MAX_OPENING_MILLIS = 1_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long ANSWER_NANOS = 1_000_000_000L;
    private static final long LOOK_NANOS = 2_000_000;
    private static final String READ = ",read";

    private final CrashProcess.Place place;
    private final int size;
    private final Totals tally;
    private final Random random;
    private final String name;
    private final List<CrashProcess> liveness = new ArrayList<>();
    private final List<CrashProcess> stopped = new ArrayList<>();
    private final Map<CrashProcess, Integer> woken = new HashMap<>();
    private int names;

    Crowd(CrashProcess.Place place, int size, Totals tally, Random random, String name) {
        this.place = place;
        this.size = size;
        this.tally = tally;
        this.random = random;
        this.name = name;
    }

    private CrashProcess start() throws IOException {
        Durability durability = random.nextBoolean() ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
        String cast = KillSchedule.CASTS.get(random.nextInt(KillSchedule.CASTS.size())) + READ;
        CrashProcess life = place.begin(name + "-" + names++, random.nextLong(), durability, cast);
        liveness.add(life);
        return life;
    }

    /** Starts the processes, and waits until each of them has completed an operation. */
    void begin() throws IOException {
        for (int i = 0; i < size; i++) {
            start();
        }
        for (CrashProcess life : liveness) {
            awaitWork(life);
        }
    }

    /** Starts another process, and waits until it has completed an operation. */
    void another() throws IOException {
        awaitWork(start());
    }

    private void awaitWork(CrashProcess life) throws IOException {
        if (!life.await("\ndone ")) {
            tally.add(KillSchedule.STILLBORN, 1);
        }
    }

    /** Starts a process, and stops it while it opens the store, or shortly before or after that. */
    CrashProcess opening() throws IOException, InterruptedException {
        CrashProcess life = start();
        life.await("opening ");
        pause(MAX_OPENING_MILLIS);
        life.stop();
        tally.add("stopped-while-opening", 1);
        return life;
    }

    void stopSome() throws IOException, InterruptedException {
        for (CrashProcess life : liveness) {
            if (random.nextBoolean() && !stopped.contains(life)) {
                stop(life);
            }
        }
    }

    void stopAll() throws IOException, InterruptedException {
        for (CrashProcess life : liveness) {
            if (!stopped.contains(life)) {
                pause();
                stop(life);
            }
        }
    }

    private void stop(CrashProcess life) throws IOException, InterruptedException {
        life.stop();
        stopped.add(life);
        tally.add("stops", 1);
    }

    /** Continues the stopped processes; the store is unchanged. */
    void wakeSome() throws IOException, InterruptedException {
        for (CrashProcess life : stopped) {
            life.wake();
        }
        stopped.clear();
    }

    /** Continues the stopped processes; the store was replaced, and each of them must be refused. */
    void wakeAll() throws IOException, InterruptedException {
        for (CrashProcess life : stopped) {
            woken.put(life, life.said());
        }
        wakeSome();
    }

    /** Expects that each running process is refused from now on. */
    void expectRefusals() throws IOException {
        for (CrashProcess life : liveness) {
            woken.put(life, life.said());
        }
    }

    /** Waits until each process has completed another operation. */
    void awaitMore() throws IOException {
        for (CrashProcess life : liveness) {
            int after = life.said();
            while (life.isAlive() && !life.says("\ndone ", after)) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /** Kills all processes but one, which then has in its page cache the pages that the others would have to read. */
    void killOthers() throws IOException {
        CrashProcess last = liveness.get(0);
        for (CrashProcess life : liveness.subList(1, liveness.size())) {
            life.kill();
            tally.add("kills", 1);
        }
        liveness.retainAll(List.of(last));
        awaitMore();
    }

    void killAll() {
        for (CrashProcess life : liveness) {
            if (life.isAlive()) {
                pause();
                life.kill();
                tally.add("kills", 1);
            }
        }
        liveness.clear();
        stopped.clear();
    }

    /** Waits until each continued process has been refused both a write and a read; returns those that were not. */
    List<String> awaitRefusals() throws IOException {
        List<String> wrong = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE_NANOS;
        for (Map.Entry<CrashProcess, Integer> one : woken.entrySet()) {
            while (!isRefused(one.getKey(), one.getValue())) {
                if (System.nanoTime() - end > 0) {
                    wrong.add("a zombie of a lost history was not refused: "
                            + one.getKey().name());
                    break;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            tally.add("lost-zombies-refused", 1);
        }
        woken.clear();
        return wrong;
    }

    private static boolean isRefused(CrashProcess life, int after) throws IOException {
        boolean unwritten = life.says("\nrefused ", after) || life.says("\nodd ", after);
        return (unwritten && life.says("\nunread ", after)) || !life.isAlive();
    }

    /** Waits until each process has been refused, or for a limited time: a truncation need not cause harm. */
    void awaitAnswers() throws IOException {
        long end = System.nanoTime() + ANSWER_NANOS;
        for (CrashProcess life : liveness) {
            int after = life.said();
            while (!life.says("\nrefused ", after) && System.nanoTime() - end < 0) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /**
     * Truncates a file in another process. This process must not open and close files that SQLite may have open in it.
     */
    void truncate(Path file, long length) {
        ExternalProgram.output("truncate", "-s", Long.toString(length), file.toString());
    }

    /** Starts a restore in a process, and kills the process some time after the beginning. */
    void killRestore(Path copy) throws IOException, InterruptedException {
        Process process = place.launcher()
                .builder(RestoreMain.class, place.file().toString(), copy.toString())
                .redirectErrorStream(true)
                .redirectOutput(place.ledgers().resolve(name + "-restore.said").toFile())
                .start();
        while (process.isAlive() && temporary().isEmpty()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        pause(MAX_OPENING_MILLIS);
        process.destroyForcibly().waitFor();
        for (Path left : temporary()) {
            Files.delete(left);
        }
    }

    private List<Path> temporary() throws IOException {
        String begin = place.file().getFileName() + ".restore-";
        try (Stream<Path> files = Files.list(place.ledgers())) {
            return files.filter(file -> file.getFileName().toString().startsWith(begin))
                    .toList();
        }
    }

    private void pause() {
        pause(MAX_MILLIS);
    }

    private void pause(int maxMillis) {
        LockSupport.parkNanos(1_000_000L * random.nextInt(maxMillis));
    }

    @Override
    public void close() {
        killAll();
    }
}
