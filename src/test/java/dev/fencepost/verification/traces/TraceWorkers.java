package dev.fencepost.verification.traces;

import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.WorkerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Eight processes on one traced file. They take steps, stall, continue and die, and new processes replace the dead. */
final class TraceWorkers implements AutoCloseable {
    private static final int PROCESSES = 8;

    private final Path file;
    private final Random random;
    private final int groups;
    private final List<WorkerProcess> actors = new ArrayList<>();
    private int scenes;

    TraceWorkers(Path file, long seed, int groups) {
        this.file = file;
        this.random = new Random(seed);
        this.groups = groups;
        for (int i = 0; i < PROCESSES; i++) {
            actors.add(another());
        }
        actors.forEach(WorkerProcess::awaitReady);
    }

    private WorkerProcess another() {
        long seed = random.nextInt(Integer.MAX_VALUE);
        return JvmLauncher.quick()
                .withOptions("-Xmx96m")
                .start(TraceWorker.class, file.toString(), "agent-" + seed % 3, "" + seed, "" + groups);
    }

    /** Lets all processes take random steps at the same time. */
    void act(int steps) {
        actors.forEach(actor -> actor.tell("steps " + steps));
        actors.forEach(actor -> actor.expect("done"));
    }

    /** Stops a process that holds a claim while another takes the claim over; the first is then fenced. */
    void stall() {
        WorkerProcess zombie = any();
        String key = "stalled/" + ++scenes;
        zombie.tell("hold " + key).expect("done");
        zombie.stop();
        other(zombie).tell("hold " + key).expect("done");
        zombie.wake();
        zombie.tell("write " + key).expect("fenced");
    }

    /** Kills a process that holds a claim; another takes the claim over at once. */
    void kill() {
        WorkerProcess dying = any();
        String key = "killed/" + ++scenes;
        dying.tell("beat " + key).expect("done");
        dying.kill();
        other(dying).tell("hold " + key).expect("done");
        replace(dying);
    }

    /** Kills a process at any moment. */
    void killAnywhere() {
        WorkerProcess dying = any();
        actors.forEach(actor -> actor.tell("steps 5"));
        dying.kill();
        actors.stream().filter(actor -> actor != dying).forEach(actor -> actor.expect("done"));
        replace(dying);
    }

    /** Lets all processes run sagas at the same time, some of them shared, and cancels some. */
    void runSagas(int each) {
        for (int i = 0; i < each; i++) {
            for (WorkerProcess actor : actors) {
                boolean shared = random.nextInt(4) == 0;
                String saga = shared ? "shared-" + scenes : "saga-" + random.nextInt(Integer.MAX_VALUE);
                actor.tell(random.nextInt(6) == 0 ? "cancel shared-" + scenes : "saga " + saga);
            }
            actors.forEach(actor -> actor.expect("done"));
            scenes++;
        }
    }

    /**
     * Stalls or kills a coordinator between an intent and its call. Another takes the saga over, and the first is
     * fenced.
     */
    void takeOver(boolean kills) {
        WorkerProcess first = any();
        String saga = "taken-" + ++scenes;
        first.tell("stalling-saga " + saga);
        String answer = first.answer();
        if (answer.equals("done")) {
            // It did not reach the stall.
            return;
        }
        if (kills) {
            first.kill();
        }
        other(first).tell("saga " + saga).expect("done");
        if (kills) {
            replace(first);
        } else {
            first.tell("go on").expect("done");
        }
    }

    private void replace(WorkerProcess gone) {
        actors.set(actors.indexOf(gone), another().awaitReady());
    }

    private WorkerProcess any() {
        return actors.get(random.nextInt(PROCESSES));
    }

    private WorkerProcess other(WorkerProcess one) {
        return actors.get((actors.indexOf(one) + 1 + random.nextInt(PROCESSES - 1)) % PROCESSES);
    }

    /** Closes the stores of all processes. */
    void leave() {
        actors.forEach(actor -> actor.tell("close"));
        actors.forEach(actor -> actor.expect("done"));
    }

    @Override
    public void close() {
        actors.forEach(WorkerProcess::close);
    }
}
