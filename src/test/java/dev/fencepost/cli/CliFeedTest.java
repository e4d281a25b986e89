package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.ClaimResult;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.internal.ReservedClaims;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Cursors and retention rules at the command line. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class CliFeedTest extends CliTest {
    private static final Cursor<Change<String>> INDEXER = Cursor.of("indexer", ChangeSource.values(Prefix.text("a/")));

    private void put(String... values) {
        for (String value : values) {
            cli.run("put", "a/1", value).exits(0);
        }
    }

    /** Claims one batch of changes, acknowledges it and returns its size. */
    private static int consume(Agent agent) {
        try (ClaimedBatch<Change<String>> taken =
                agent.feed().claimBatch(INDEXER, Duration.ZERO).orElseThrow()) {
            taken.acknowledge();
            return taken.changes().size();
        }
    }

    @Test
    void cursors_areListed_withTheirConsumers() {
        put("one", "two");
        assertThat(cli.run("cursors").exits(0).err()).isEqualTo("No cursors.\n");
        try (Store store = Store.open(file)) {
            Agent agent = store.agent("indexing");
            assertThat(consume(agent)).isEqualTo(2);
            put("three");
            try (ClaimedBatch<Change<String>> held =
                    agent.feed().claimBatch(INDEXER, Duration.ZERO).orElseThrow()) {
                JsonNode cursor = cli.run("--json", "cursors").exits(0).json();
                assertThat(cursor.get("cursor").asText()).isEqualTo("indexer");
                assertThat(cursor.get("source").asText()).isEqualTo("values");
                assertThat(cursor.get("prefix").asText()).isEqualTo("a/");
                assertThat(cursor.get("behind").asLong()).isEqualTo(1);
                assertThat(cursor.get("overtaken").asBoolean()).isFalse();
                assertThat(cursor.get("consumer").get("holder").asText()).isEqualTo("indexing");
                assertThat(cli.run("--json", "cursors", "drop", "indexer")
                                .exits(5)
                                .json()
                                .get("holder")
                                .asText())
                        .isEqualTo("indexing");
                assertThat(held.changes()).hasSize(1);
            }
        }
    }

    @Test
    void cursors_areMovedAndDropped() {
        put("one", "two", "three");
        try (Store store = Store.open(file)) {
            Agent agent = store.agent("indexing");
            consume(agent);
            assertThat(cli.run("cursors", "move", "indexer", "0").exits(0).out())
                    .isEqualTo("'indexer' is at sequence 0\n");
            assertThat(consume(agent)).isEqualTo(3);
        }
        assertThat(cli.run("cursors").exits(0).out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("CURSOR +SOURCE +PREFIX +AT +BEHIND +OVERTAKEN +CONSUMER +MOVED"),
                        line -> assertThat(line).matches("indexer +values +a/ +\\d+ +0 +no +- +\\S+"));
        assertThat(cli.run("--json", "cursors", "move", "indexer", "1")
                        .exits(0)
                        .json()
                        .get("at")
                        .asLong())
                .isEqualTo(1);
        cli.run("cursors", "move", "indexer", "1000000").exits(2);
        assertThat(cli.run("--json", "cursors", "drop", "indexer")
                        .exits(0)
                        .json()
                        .get("cursor")
                        .asText())
                .isEqualTo("indexer");
        for (String[] args :
                new String[][] {{"--json", "cursors", "drop", "indexer"}, {"--json", "cursors", "move", "indexer", "0"}
                }) {
            assertThat(cli.run(args).exits(3).json().get("cursor").asText()).isEqualTo("indexer");
        }
    }

    /** A waiting consumer gets the cursor before the operator does, and moves it. */
    @Test
    void cursorMove_afterAWaitingConsumer_succeeds() throws Exception {
        put("one", "two");
        try (Store store = Store.open(file);
                ClaimedBatch<Change<String>> first = store.agent("first")
                        .feed()
                        .claimBatch(INDEXER, Duration.ZERO)
                        .orElseThrow()) {
            CompletableFuture<Long> second = CompletableFuture.supplyAsync(() -> {
                try (ClaimedBatch<Change<String>> taken = store.agent("second")
                        .feed()
                        .claimBatch(INDEXER, Duration.ofSeconds(30))
                        .orElseThrow()) {
                    taken.acknowledge();
                    return taken.through();
                }
            });
            awaitWaiter(store);
            JsonNode moved = cli.run("--json", "cursors", "move", "indexer", "1")
                    .exits(0)
                    .json();
            assertThat(moved.get("at").asLong()).isEqualTo(1);
            assertThat(second.get()).isGreaterThanOrEqualTo(first.through());
        }
    }

    private static void awaitWaiter(Store store) {
        while (ReservedClaims.request(store, "looking", "fencepost:cursor:indexer", Lease.of(Duration.ofSeconds(30)))
                        instanceof ClaimResult.Busy busy
                && busy.queuedAhead() == 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void overtakenCursor_isShown() {
        put("one", "two");
        try (Store store = Store.open(file)) {
            consume(store.agent("indexing"));
        }
        cli.run("cursors", "move", "indexer", "0").exits(0);
        cli.run("retention", "keep", "a/", "--versions", "1").exits(0);
        cli.run("retention", "run").exits(0);
        assertThat(cli.run("--json", "cursors").exits(0).json().get("overtaken").asBoolean())
                .isTrue();
    }

    @Test
    void retentionRules_areSetListedAndRemoved() {
        put("one", "two", "three");
        assertThat(cli.run("retention").exits(0).err()).isEqualTo("No rules: all history is retained.\n");
        assertThat(cli.run("retention", "keep", "a/", "--versions", "2", "--age", "30d")
                        .exits(0)
                        .out())
                .isEqualTo("The rule for 'a/*' retains the newest 2 and the last 30d\n");
        JsonNode set = cli.run("--json", "retention", "keep", "", "--versions", "9")
                .exits(0)
                .json();
        assertThat(set.get("prefix").asText()).isEmpty();
        assertThat(set.get("versions").asInt()).isEqualTo(9);
        assertThat(set.has("age")).isFalse();
        List<JsonNode> rules = cli.run("--json", "retention").exits(0).jsonLines();
        assertThat(rules).extracting(node -> node.get("prefix").asText()).containsExactly("", "a/");
        assertThat(rules.get(1).get("age").asText()).isEqualTo("PT720H");
        assertThat(rules.get(1).get("agent").asText()).isEqualTo("planner");
        assertThat(cli.run("retention").exits(0).out().lines().toList().get(2)).matches("a/ +2 +30d +planner");
        // Two rules apply to the key: a version is retained if either rule retains it.
        assertThat(cli.run("--json", "retention", "run")
                        .exits(0)
                        .json()
                        .get("versions")
                        .asLong())
                .isZero();
        cli.run("retention", "keep", "a/", "--versions", "2").exits(0);
        JsonNode run = cli.run("--json", "retention", "run").exits(0).json();
        assertThat(run.get("versions").asLong()).isEqualTo(1);
        assertThat(run.get("events").asLong()).isZero();
        assertThat(cli.run("retention", "run").exits(0).out())
                .isEqualTo("Pruned 0 versions and 0 events; 0 pages returned to the file system\n");
        cli.run("retention", "remove", "a/").exits(0);
        assertThat(cli.run("--json", "retention", "remove", "a/")
                        .exits(3)
                        .json()
                        .get("prefix")
                        .asText())
                .isEqualTo("a/");
    }

    @Test
    void invalidRetentionRules_areRefused() {
        put("one");
        cli.run("retention", "keep", "a/").exits(2);
        cli.run("retention", "keep", "a/", "--versions", "0").exits(2);
        cli.run("retention", "keep", "a/", "--age", "soon").exits(2);
        cli.run("retention", "keep").exits(2);
        assertThat(cli.run("retention").exits(0).out()).isEmpty();
    }
}
