package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.WriteResult;
import java.io.IOException;
import java.time.Duration;

/**
 * A scenario in which an agent is stopped beyond the end of its lease, and then writes as if it still held the claim.
 */
final class Zombie implements Scenario {
    private static final Key<String> REPORT = Key.text("demo/report");
    private static final String KEY = REPORT.name();
    private static final String LEASE_MILLIS = "500";
    private static final String WAIT_MILLIS = "20000";
    private static final Duration PROBE = Duration.ofMillis(250);
    private static final int MOST_STOPS = 20;

    @Override
    public String name() {
        return "zombie";
    }

    @Override
    public String title() {
        return "Zombie: an agent is suspended beyond its lease, resumes, and writes";
    }

    @Override
    public void play(DemoEnvironment stage, ScenarioReport account) throws IOException {
        WorkerProcess sleeper = stage.worker(0);
        WorkerProcess successor = stage.worker(1);
        boolean signals = Signals.areThere();
        account.setting(
                "ann holds the report under a lease of 500 ms, and "
                        + (signals
                                ? "is stopped with kill -STOP."
                                : "pauses: this platform has no signal to stop a process."),
                "bob takes over when the lease has expired, and still holds the claim when ann resumes and writes.",
                "No agent has written the value meanwhile, so its version is unchanged.");
        begin(stage, sleeper, successor);
        // Without signals the agent only pauses, so no heartbeat may extend its lease.
        JsonNode first = sleeper.ask("claim", KEY, LEASE_MILLIS, "0", Boolean.toString(signals));
        long version = version(stage);
        long stopped = signals ? stop(sleeper, stage) : stage.now();
        JsonNode second = successor.ask("claim", KEY, LEASE_MILLIS, WAIT_MILLIS, "true");
        long millis = stage.now() - stopped;
        boolean relocked =
                successor.ask("plain-lock", KEY, WAIT_MILLIS).path("locked").asBoolean();
        // Both commands are sent before the agent continues, so it cannot check anything first.
        sleeper.order("plain-put-if", KEY, "overwritten by a zombie");
        sleeper.order("put", KEY, "overwritten by a zombie");
        if (signals) {
            sleeper.signal("CONT");
        }
        before(account, sleeper.answer(), relocked, successor.ask("plain-put-if", KEY, "revised"));
        after(account, stage, new Takeover(first, second, millis, sleeper.answer(), version));
        finish(account, stage, successor);
    }

    /**
     * The observations: two grants, the time between the stop and the second grant, a late write, and the version
     * before it.
     */
    private record Takeover(JsonNode first, JsonNode second, long millis, JsonNode write, long version) {}

    private static void begin(DemoEnvironment stage, WorkerProcess sleeper, WorkerProcess successor)
            throws IOException {
        stage.plain().write(KEY, "draft");
        stage.store().agent("demo").put(REPORT, "draft").orThrow();
        sleeper.ask("plain-read", KEY);
        successor.ask("plain-read", KEY);
        sleeper.ask("plain-lock", KEY, LEASE_MILLIS);
    }

    private static void before(ScenarioReport account, JsonNode zombie, boolean relocked, JsonNode holder) {
        boolean written = zombie.path("written").asBoolean();
        boolean rightful = holder.path("written").asBoolean();
        account.act(
                        "before",
                        "a lock with a lease in a table, and a version check on the write",
                        "bob has the lock, but ann's write " + (written ? "was applied" : "was refused")
                                + ": the version that she had read was still current.",
                        "Then bob, who held the lock, was "
                                + (rightful ? "allowed to write." : "refused: ann had" + " changed the version."))
                .put("zombieWrote", written)
                .put("rightfulHolderWrote", rightful);
        account.expect(
                "a version check alone allowed the zombie's write, despite its successor's lock", relocked && written);
    }

    private static void after(ScenarioReport account, DemoEnvironment stage, Takeover seen) {
        long version = version(stage);
        boolean fenced = seen.write().path("fenced").asBoolean();
        String why = seen.write().path("message").asText();
        ObjectNode facts = account.act(
                "after",
                "agent.claim(report, Lease.of(500 ms)), claim.put(report, ...)",
                "bob's claim was granted " + seen.millis() + " ms later, under epoch "
                        + seen.second().path("epoch").asLong() + ".",
                "Then ann resumed, and her write was " + (fenced ? "refused:" : "NOT refused:"),
                why,
                "The version was " + seen.version() + " before and is " + version + " after.");
        facts.put("takenOverAfterMillis", seen.millis())
                .put("epoch", seen.first().path("epoch").asLong())
                .put("presentEpoch", seen.second().path("epoch").asLong())
                .put("versionBefore", seen.version())
                .put("versionAfter", version)
                .put("fenced", fenced)
                .put("message", why);
        account.expect(
                "the claim was taken over under a higher epoch",
                seen.second().path("epoch").asLong()
                        > seen.first().path("epoch").asLong());
        account.expect("the zombie's write was fenced", fenced);
        account.expect("the version is the same before and after", version == seen.version());
    }

    private static void finish(ScenarioReport account, DemoEnvironment stage, WorkerProcess successor)
            throws IOException {
        boolean committed =
                successor.ask("put", KEY, "revised").path("committed").asBoolean();
        account.act("after", "bob was not disturbed: his write created version " + version(stage) + ".");
        account.expect("the rightful holder's write was committed", committed);
    }

    /**
     * Stops the process, but not during a heartbeat's commit, which would block all writers. Returns the time of the
     * stop.
     */
    private static long stop(WorkerProcess sleeper, DemoEnvironment stage) throws IOException {
        try (Store probe = Store.open(DemoEnvironment.config(stage.file()).withWriteLockTimeout(PROBE))) {
            for (int stops = 0; stops < MOST_STOPS; stops++) {
                long now = stage.now();
                sleeper.signal("STOP");
                if (canCommit(probe)) {
                    return now;
                }
                sleeper.signal("CONT");
            }
        }
        throw new IOException(sleeper.name() + " could not be stopped between two commits");
    }

    private static boolean canCommit(Store store) {
        try {
            WriteResult<String> probe = store.agent("demo").tryPut(Key.text("demo/probe"), "is a holder in the way?");
            return probe.isCommitted();
        } catch (WriteLockTimeoutException e) {
            // The agent has the write lock, and would hold it while it is stopped.
            return false;
        }
    }

    private static long version(DemoEnvironment stage) {
        return stage.store().get(REPORT).orElseThrow().version();
    }
}
