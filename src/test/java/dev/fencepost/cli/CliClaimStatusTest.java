package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The status of claims: others can take over a claim that is not held. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class CliClaimStatusTest extends CliTest {
    private static final Duration YEAR = Duration.ofDays(365);

    private List<String> statuses(String... options) {
        return statuses(cli.run(options).exits(0).jsonLines());
    }

    private static List<String> statuses(List<JsonNode> claims) {
        return claims.stream()
                .map(claim ->
                        claim.get("key").asText() + " " + claim.get("status").asText())
                .toList();
    }

    @Test
    void expiredClaims_areMarked() {
        SettableClock clock = new SettableClock();
        clock.advance(YEAR.multipliedBy(-20));
        StoreConfig config = StoreConfig.of(file).withHeartbeat(Duration.ofHours(1));
        try (Store now = Store.open(config);
                Store past = Store.open(config.withClock(clock))) {
            now.agent("a").claim(Key.text("1"), Lease.of(YEAR)).orThrow();
            past.agent("b")
                    .claim(Key.text("2"), Lease.withoutHeartbeats(Duration.ofDays(1)))
                    .orThrow();
            past.agent("c").claim(Key.text("3"), Lease.of(Duration.ofDays(1))).orThrow();
            assertThat(statuses("claims", "--json")).containsExactly("1 held", "2 lapsed", "3 held-too-long");
            assertThat(statuses("claims", "--json", "--at", "3")).containsExactly("1 held", "2 held", "3 held");
            List<String> lines = cli.run("claims").exits(0).out().lines().toList();
            assertThat(lines.get(0)).matches("KEY +EPOCH +HOLDER +PID +STATUS +GRANTED +EXPIRES");
            assertThat(lines.get(2)).matches("2 +1 +b +[0-9]+ +lapsed .*");
            assertThat(statuses("revoke", "3", "--json")).containsExactly("3 held-too-long");
        }
    }

    @Test
    void claimOfAKilledProcess_isMarked() throws Exception {
        cli.run("put", "z", "1").exits(0);
        ProcessBuilder builder = new ProcessBuilder(
                Cli.process("--store", file.toString(), "claim", "a", "b", "--lease=1h", "--", "cat"));
        Process holder = builder.redirectErrorStream(true).start();
        try {
            while (cli.run("claims", "--json").out().isEmpty()) {
                assertThat(holder.isAlive()).isTrue();
                Thread.onSpinWait();
            }
            assertThat(statuses("claims", "--json")).containsExactly("a held", "b held");
        } finally {
            holder.destroyForcibly().waitFor();
            holder.outputWriter().close();
        }
        assertThat(statuses("claims", "--json")).containsExactly("a holder-dead", "b holder-dead");
        assertThat(cli.run("claims").exits(0).out()).contains("holder-dead");
        cli.run("put", "a", "taken over").exits(0);
        assertThat(statuses("claims", "--json")).isEmpty();
    }

    @Test
    void claimByLeaseAlone_isHeld_thoughItsProcessEnded() {
        cli.run("claim", "a", "--lease", "1h").exits(0);
        assertThat(statuses("claims", "--json")).containsExactly("a held");
    }

    @Test
    void consumerPastItsLease_isMarked() {
        cli.run("put", "a", "1").exits(0);
        SettableClock clock = new SettableClock();
        clock.advance(YEAR.multipliedBy(-20));
        try (Store past = Store.open(StoreConfig.of(file).withClock(clock))) {
            Agent agent = past.agent("indexing");
            Cursor<Change<String>> cursor = Cursor.of("indexer", ChangeSource.values(Prefix.text("")));
            agent.feed().claimBatch(cursor, Duration.ZERO).orElseThrow();
            JsonNode consumer = cli.run("cursors", "--json").exits(0).json().get("consumer");
            assertThat(consumer.get("status").asText()).isIn("lapsed", "held-too-long");
            assertThat(cli.run("cursors").exits(0).out())
                    .contains("), " + consumer.get("status").asText());
        }
    }
}
