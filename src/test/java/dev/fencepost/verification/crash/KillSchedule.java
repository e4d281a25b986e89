package dev.fencepost.verification.crash;

import dev.fencepost.Durability;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** A schedule of worker processes that are killed: at any moment, at a system call, or after a stop. */
final class KillSchedule {
    private static final int MOST_MILLIS = 250;
    private static final int ONE_TRACED_OF = 8;
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    /** The number of processes that ended by themselves, or did nothing for a long time. */
    static final String STILLBORN = "stillborn";

    private static final String ORDER = "order";
    static final List<String> CASTS = List.of(
            "put,count,move,batch,aside",
            "count,count,project,project,claim",
            "claim,claim,claim,intrude,move",
            ORDER + ",order,count",
            "propose,propose,curate,batch",
            "move,look,tidy,tidy,look",
            "create,put,create",
            "move,aside,claim,project,order,curate,look,create");

    private final CrashProcess.Place place;
    private final Totals tally;
    private final boolean traceable;

    KillSchedule(CrashProcess.Place place, Totals tally, boolean traceable) {
        this.place = place;
        this.tally = tally;
        this.traceable = traceable;
    }

    /** Runs one process from start to kill. */
    String live(String name, Random random) throws IOException, InterruptedException {
        Durability durability = random.nextBoolean() ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
        String cast = CASTS.get(random.nextInt(CASTS.size()));
        boolean traced = traceable && random.nextInt(ONE_TRACED_OF) == 0;
        String[] before = traced ? SyscallKiller.any(random) : new String[0];
        try (CrashProcess life = place.begin(name, random.nextLong(), durability, cast, before)) {
            if (traced) {
                awaitInstruction(life, SyscallKiller.call(before));
            } else if (life.await(cast.startsWith(ORDER) ? "\nended " : "\ndone ")) {
                end(life, random);
            } else {
                tally.add(STILLBORN, 1);
            }
        }
        return name;
    }

    private void end(CrashProcess life, Random random) throws IOException, InterruptedException {
        pause(random);
        if (random.nextInt(5) == 0) {
            life.stop();
            tally.add("stops", 1);
            pause(random);
            if (random.nextBoolean()) {
                life.wake();
                pause(random);
            }
        }
        life.kill();
        tally.add("kills", 1);
    }

    /**
     * Pauses for a random time, with short pauses more frequent, because the cost of a process grows with its duration.
     */
    private static void pause(Random random) {
        LockSupport.parkNanos(1_000_000L * random.nextInt(1 + random.nextInt(MOST_MILLIS)));
    }

    private void awaitInstruction(CrashProcess life, String call) throws IOException {
        life.await("\ndone ");
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (life.isAlive() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(2_000_000);
        }
        if (life.isAlive()) {
            life.kill();
            tally.add("kills", 1);
        } else if (life.says("opened ", 0)) {
            tally.add("kills", 1);
            tally.add("kills-at-" + call, 1);
        } else {
            tally.add("kills-while-opening-at-" + call, 1);
        }
    }
}
