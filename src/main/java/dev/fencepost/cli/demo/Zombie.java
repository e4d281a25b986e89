package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.WriteLockTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A scenario in which an agent is stopped beyond the end of its lease, and then writes as if it still held the claim.
 */
final class Zombie {
    private static final Key<String> REPORT = Key.text("demo/report");
    private static final String KEY = REPORT.name();
    private static final String LEASE_MILLIS = "500";
    private static final String WAIT_MILLIS = "20000";
    private static final Duration PROBE = Duration.ofMillis(250);
    private static final int MOST_STOPS = 20;

    private Zombie() {}

    static void run(DemoEnvironment demo, ScenarioReport report) throws IOException {
        WorkerProcess ann = demo.workers().get(0);
        WorkerProcess bob = demo.workers().get(1);
        boolean signals = WorkerProcess.canSignal();
        report.introduce(
                "ann holds the report under a lease of 500 ms, and "
                        + (signals
                                ? "is stopped with kill -STOP."
                                : "pauses: this platform has no signal to stop a process."),
                "bob takes over when the lease has expired, and still holds the claim when ann resumes and writes.",
                "No agent has written the value meanwhile, so its version is unchanged.");
        demo.plain().write(KEY, "draft");
        demo.store().agent("demo").put(REPORT, "draft").orThrow();
        WorkerProcess.askAll(List.of(ann, bob), "plain-read", KEY);
        ann.ask("plain-lock", KEY, LEASE_MILLIS);
        // Without signals the agent only pauses, so no heartbeat may extend its lease.
        JsonNode first = ann.ask("claim", KEY, LEASE_MILLIS, "0", Boolean.toString(signals));
        long version = version(demo);
        long stopped = signals ? stop(ann, demo) : demo.now();
        JsonNode second = bob.ask("claim", KEY, LEASE_MILLIS, WAIT_MILLIS, "true");
        long millis = demo.now() - stopped;
        boolean locked = bob.ask("plain-lock", KEY, WAIT_MILLIS).path("locked").asBoolean();
        // Both commands are sent before the agent continues, so it cannot check anything first.
        ann.send("plain-put-if", KEY, "overwritten by a zombie");
        ann.send("put", KEY, "overwritten by a zombie");
        if (signals) {
            ann.signal("CONT");
        }
        before(report, locked, ann.answer(), bob.ask("plain-put-if", KEY, "revised"));
        after(report, new Takeover(first, second, millis, ann.answer(), version, version(demo)));
        boolean committed = bob.ask("put", KEY, "revised").path("committed").asBoolean();
        report.part("after", "bob was not disturbed: his write created version " + version(demo) + ".");
        report.expect("the rightful holder's write was committed", committed);
    }

    /**
     * The observations: two grants, the time between the stop and the second grant, a late write, and the versions
     * before and after it.
     */
    private record Takeover(
            JsonNode first, JsonNode second, long millis, JsonNode write, long versionBefore, long versionAfter) {}

    private static void before(ScenarioReport report, boolean locked, JsonNode zombie, JsonNode holder) {
        boolean written = zombie.path("written").asBoolean();
        boolean rightful = holder.path("written").asBoolean();
        report.part(
                        "before",
                        "a lock with a lease in a table, and a version check on the write",
                        "bob has the lock, but ann's write " + (written ? "was applied" : "was refused")
                                + ": the version that she had read was still current.",
                        "Then bob, who held the lock, was "
                                + (rightful ? "allowed to write." : "refused: ann had changed the version."))
                .put("zombieWrote", written)
                .put("rightfulHolderWrote", rightful);
        report.expect(
                "a version check alone allowed the zombie's write, despite its successor's lock", locked && written);
    }

    private static void after(ScenarioReport report, Takeover seen) {
        long epoch = seen.first().path("epoch").asLong();
        long presentEpoch = seen.second().path("epoch").asLong();
        boolean fenced = seen.write().path("fenced").asBoolean();
        String message = seen.write().path("message").asText();
        report.part(
                        "after",
                        "agent.claim(report, Lease.of(500 ms)), claim.put(report, ...)",
                        "bob's claim was granted " + seen.millis() + " ms later, under epoch " + presentEpoch + ".",
                        "Then ann resumed, and her write was " + (fenced ? "refused:" : "NOT refused:"),
                        message,
                        "The version was " + seen.versionBefore() + " before and is " + seen.versionAfter() + " after.")
                .put("takenOverAfterMillis", seen.millis())
                .put("epoch", epoch)
                .put("presentEpoch", presentEpoch)
                .put("versionBefore", seen.versionBefore())
                .put("versionAfter", seen.versionAfter())
                .put("fenced", fenced)
                .put("message", message);
        report.expect("the claim was taken over under a higher epoch", presentEpoch > epoch);
        report.expect("the zombie's write was fenced", fenced);
        report.expect("the version is the same before and after", seen.versionBefore() == seen.versionAfter());
    }

    /**
     * Stops the process, but not during a heartbeat's commit, which would block all writers. Returns the time of the
     * stop.
     */
    private static long stop(WorkerProcess process, DemoEnvironment demo) throws IOException {
        try (Store probe = Store.open(DemoEnvironment.config(demo.file()).withWriteLockTimeout(PROBE))) {
            for (int stops = 0; stops < MOST_STOPS; stops++) {
                long now = demo.now();
                process.signal("STOP");
                if (canCommit(probe)) {
                    return now;
                }
                process.signal("CONT");
            }
        }
        throw new IOException(process.name() + " could not be stopped between two commits");
    }

    private static boolean canCommit(Store store) {
        try {
            return store.agent("demo")
                    .tryPut(Key.text("demo/probe"), "is a holder in the way?")
                    .isCommitted();
        } catch (WriteLockTimeoutException e) {
            // The agent has the write lock, and would hold it while it is stopped.
            return false;
        }
    }

    private static long version(DemoEnvironment demo) {
        return demo.store().get(REPORT).orElseThrow().version();
    }
}
