package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.StoreStep;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store as of a sequence, a time or an age. */
class CliTimeTest extends CliTest {
    private static final Key<String> KEY = Key.text("a");

    /** The commit time of the store's last write, before now. */
    private final AtomicReference<Instant> time = new AtomicReference<>();

    private final Instant now = InstantSource.system().instant();
    private Store store;
    private Agent agent;

    @BeforeEach
    void open() {
        time.set(now.minus(Duration.ofHours(5)));
        store = Store.open(StoreConfig.of(file).withClock(time::get).withDurability(Durability.PROCESS_DEATH));
        agent = store.agent("planner");
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Writes version 1 five hours ago, version 2 three hours ago, and a deletion an hour ago. */
    private void threeVersions() {
        agent.put(KEY, "one").orThrow();
        time.set(now.minus(Duration.ofHours(3)));
        agent.put(KEY, "two").orThrow();
        time.set(now.minus(Duration.ofHours(1)));
        agent.delete(KEY).orThrow();
    }

    @Test
    void get_atAPastTime_printsThatVersion() {
        threeVersions();
        assertThat(cli.run("get", "a", "--at", "1").exits(0).out()).isEqualTo("one");
        assertThat(cli.run("get", "a", "--at", "2").exits(0).out()).isEqualTo("two");
        assertThat(cli.run("get", "a", "--at", "4h").exits(0).out()).isEqualTo("one");
        assertThat(cli.run("get", "a", "--at", "2h ago").exits(0).out()).isEqualTo("two");
        assertThat(cli.run("get", "a", "--at", now.minus(Duration.ofHours(2)).toString())
                        .exits(0)
                        .out())
                .isEqualTo("two");
        JsonNode then = cli.run("--json", "get", "a", "--at", "2h").exits(0).json();
        assertThat(then.get("value").asText()).isEqualTo("two");
        assertThat(then.get("version").asLong()).isEqualTo(2);
        assertThat(then.get("asOf").asLong()).isEqualTo(2);
        assertThat(cli.run("--json", "get", "a").exits(3).json().has("asOf")).isFalse();
    }

    @Test
    void get_atATimeWithoutAValue_isNotFound() {
        threeVersions();
        for (String when : List.of("0", "6h", "1900-01-01", "-999999999-01-01T00:00:00Z", "3", "10ms")) {
            JsonNode error =
                    cli.run("--json", "get", "a", "--at", when).exits(3).json();
            assertThat(error.get("error").asText()).isEqualTo("not-found");
            assertThat(error.get("asOf").asLong()).isIn(0L, 3L);
        }
        assertThat(cli.run("get", "a", "--at", "0").err()).contains("had no value as of sequence 0");
    }

    @Test
    void futureTime_isRefused() {
        threeVersions();
        for (String when : List.of("4", "2999-01-01", "PT-2H", "P-99999999999D")) {
            JsonNode error =
                    cli.run("--json", "get", "a", "--at", when).exits(2).json();
            assertThat(error.get("error").asText()).isEqualTo("invalid-input");
        }
        JsonNode usage = cli.run("--json", "get", "a", "--at", "soon").exits(2).json();
        assertThat(usage.get("error").asText()).isEqualTo("usage");
    }

    @Test
    void prunedVersion_isReportedUnlikeAMissingOne() {
        threeVersions();
        cli.run("retention", "keep", "", "--versions", "1").exits(0);
        cli.run("retention", "run").exits(0);
        JsonNode error = cli.run("--json", "get", "a", "--at", "1").exits(3).json();
        assertThat(error.get("error").asText()).isEqualTo("pruned");
        assertThat(error.get("retryable").asBoolean()).isFalse();
        assertThat(error.get("key").asText()).isEqualTo("a");
        assertThat(error.get("asOf").asLong()).isEqualTo(1);
        assertThat(error.get("message").asText()).contains("sequence 3");
        assertThat(cli.run("--json", "list", "--at", "2")
                        .exits(3)
                        .json()
                        .get("prefix")
                        .asText())
                .isEmpty();
        assertThat(cli.run("--json", "get", "a", "--at", "0")
                        .exits(3)
                        .json()
                        .get("error")
                        .asText())
                .isEqualTo("not-found");
    }

    @Test
    void list_atAPastTime_printsThatState() {
        threeVersions();
        agent.put(Key.text("b"), "three").orThrow();
        Cli.Result then = cli.run("list", "--at", "2").exits(0);
        assertThat(then.out().lines()).hasSize(2).last().asString().contains("two");
        assertThat(then.err()).isEqualTo("As of sequence 2.\n");
        assertThat(cli.run("list").exits(0).err()).isEmpty();
        JsonNode json = cli.run("--json", "list", "a", "--at", "2").exits(0).json();
        assertThat(json.get("asOf").asLong()).isEqualTo(2);
        assertThat(cli.run("--json", "list", "--at", "3").exits(0).out()).isEmpty();
        assertThat(cli.run("--json", "list").exits(0).json().has("asOf")).isFalse();
    }

    @Test
    void claims_atAPastTime_arePrinted() {
        agent.claim(KEY, Lease.withoutHeartbeats(Duration.ofMinutes(1))).orThrow();
        agent.put(Key.text("b"), "x").orThrow();
        agent.revoke(KEY);
        JsonNode then = cli.run("--json", "claims", "--at", "2").exits(0).json();
        assertThat(then.get("key").asText()).isEqualTo("a");
        assertThat(then.get("asOf").asLong()).isEqualTo(2);
        assertThat(cli.run("claims", "--at", "2").exits(0).err()).contains("As of sequence 2.");
        assertThat(cli.run("--json", "claims").exits(0).out()).isEmpty();
    }

    @Test
    void sagas_atAPastTime_arePrinted() {
        SagaDefinition<String> order = SagaDefinition.of("order", 1, Codec.text())
                .step(StoreStep.<String>of("note", (tx, context) -> {
                    tx.put(KEY, "done");
                    return "";
                }));
        agent.sagas().run(order, "order-1", "a book");
        assertThat(cli.run("--json", "sagas").exits(0).out()).isEmpty();
        JsonNode then = cli.run("--json", "sagas", "--at", "1").exits(0).json();
        assertThat(then.get("saga").asText()).isEqualTo("order-1");
        assertThat(then.get("state").asText()).isEqualTo("running");
        assertThat(then.get("asOf").asLong()).isEqualTo(1);
        assertThat(cli.run("--json", "sagas", "--at", "0").exits(0).out()).isEmpty();
        long last;
        try (Snapshot snapshot = store.snapshot()) {
            last = snapshot.sequence();
        }
        String end = Long.toString(last);
        assertThat(cli.run("--json", "sagas", "--at", end).exits(0).out()).isEmpty();
        assertThat(cli.run("--json", "sagas", "--all", "--at", end)
                        .exits(0)
                        .json()
                        .get("state")
                        .asText())
                .isEqualTo("completed");
    }

    @Test
    void events_atAPastTime_arePrinted_unlessPruned() {
        EventStream<String> log = EventStream.text("log");
        agent.append(log, List.of(new NewEvent<>("x", "one"), new NewEvent<>("y", "two")))
                .orThrow();
        agent.append(log, new NewEvent<>("z", "three"));
        List<JsonNode> then =
                cli.run("--json", "events", "log", "--at", "1").exits(0).jsonLines();
        assertThat(then).extracting(node -> node.get("body").asText()).containsExactly("one", "two");
        assertThat(then.get(1).get("asOf").asLong()).isEqualTo(1);
        assertThat(cli.run("--json", "events", "log", "--after", "1", "--limit", "1")
                        .exits(0)
                        .json()
                        .get("event")
                        .asText())
                .isEqualTo("y");
        cli.run("retention", "keep", "log", "--versions", "1").exits(0);
        cli.run("retention", "run").exits(0);
        for (String[] args : new String[][] {{"--json", "events", "log"}, {"--json", "events", "log", "--at", "1"}}) {
            JsonNode error = cli.run(args).exits(3).json();
            assertThat(error.get("error").asText()).isEqualTo("pruned");
            assertThat(error.get("stream").asText()).isEqualTo("log");
        }
        assertThat(cli.run("--json", "events", "log", "--after", "2")
                        .exits(0)
                        .json()
                        .get("number")
                        .asLong())
                .isEqualTo(3);
    }
}
