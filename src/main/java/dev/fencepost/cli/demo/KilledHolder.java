package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.ClaimResult;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import java.io.IOException;
import java.time.Duration;

/** A scenario in which an agent is killed while it holds a claim with a long lease, and another one waits. */
final class KilledHolder {
    private static final Key<String> JOB = Key.text("demo/job");
    private static final String KEY = JOB.name();
    private static final Duration LEASE = Duration.ofHours(1);
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int MOST_LOOKS = 500;

    private KilledHolder() {}

    static void run(DemoEnvironment demo, ScenarioReport report) throws IOException {
        WorkerProcess holder = demo.workers().get(2);
        WorkerProcess heir = demo.workers().get(3);
        String lease = Long.toString(LEASE.toMillis());
        report.introduce("cyd holds the job under a lease of an hour, and dee waits for it. Then cyd is killed.");
        holder.ask("plain-lock", KEY, lease);
        boolean held =
                holder.ask("claim", KEY, lease, "0", "true").path("granted").asBoolean();
        String refusal =
                heir.ask("claim", KEY, lease, "0", "true").path("message").asText();
        heir.send("claim", KEY, lease, "30000", "true");
        boolean waits = awaitQueue(demo, heir);
        long killed = demo.now();
        holder.kill();
        JsonNode granted = heir.answer();
        long took = grantedAt(demo) - killed;
        before(report, heir.ask("plain-lock", KEY, lease).path("locked").asBoolean());
        report.part("after", "agent.claim(job, Lease.of(1 h), wait)", "While cyd ran, dee was refused:", refusal);
        report.expect("a live claim is not taken over", held && waits && !refusal.isEmpty());
        after(report, granted, took);
    }

    private static void before(ScenarioReport report, boolean locked) {
        report.part(
                        "before",
                        "a lock with a lease in a table",
                        "cyd is dead, and dee is "
                                + (locked ? "granted the lock" : "locked out for the rest of the hour")
                                + ": the table does not record that cyd died.")
                .put("locked", locked)
                .put("leaseMillis", LEASE.toMillis());
        report.expect("the lock in a table stays locked after its owner's death", !locked);
    }

    private static void after(ScenarioReport report, JsonNode granted, long took) {
        long epoch = granted.path("epoch").asLong();
        report.part(
                        "after",
                        "dee's claim was granted " + took + " ms after the kill, under epoch " + epoch
                                + ": the process has exited.")
                .put("grantedAfterMillis", took)
                .put("epoch", epoch);
        report.expect(
                "the claim of a dead holder is taken over at once",
                granted.path("granted").asBoolean() && took <= AT_ONCE.toMillis());
    }

    private static long grantedAt(DemoEnvironment demo) {
        return demo.store().claims().stream()
                .filter(claim -> claim.key().equals(KEY))
                .mapToLong(claim -> claim.grantedAt().toEpochMilli())
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /** Waits until the heir is in the queue of the claim, which other requests see as their blocker. */
    private static boolean awaitQueue(DemoEnvironment demo, WorkerProcess heir) throws IOException {
        for (int looks = 0; looks < MOST_LOOKS; looks++) {
            ClaimResult result = demo.store().agent("demo").claim(JOB, Lease.of(LEASE));
            if (result instanceof ClaimResult.Granted granted) {
                granted.claim().release();
                return false;
            } else if (result instanceof ClaimResult.Busy busy && busy.queuedAhead() > 0) {
                return true;
            } else if (heir.hasAnswer(LOOK)) {
                return false;
            }
        }
        return false;
    }
}
