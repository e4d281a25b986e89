package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Codec;
import dev.fencepost.Store;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.Sagas;
import dev.fencepost.saga.WorkerStep;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CliSagaTest extends CliTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private Store store;
    private Sagas sagas;

    @BeforeEach
    void open() {
        store = Store.open(file);
        sagas = store.agent("coordinator").sagas();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static SagaDefinition<String> stuck() {
        return SagaDefinition.of("order", 3, Codec.text()).step(ExternalStep.<String>of("charge", context -> {
            throw new IOException("connection reset");
        }));
    }

    @Test
    void stuckSaga_isListedShownAndDecided() {
        sagas.run(stuck(), "order-1", "a book");
        List<String> listed =
                cli.run("sagas").exits(0).out().lines().map(String::strip).toList();
        assertThat(listed.get(1)).contains("order-1", "order 3", "stuck", "charge", "connection reset");
        assertThat(cli.run("saga", "order-1").exits(0).out()).contains("started", "unknown", "connection reset");
        JsonNode saga = cli.run("--json", "saga", "order-1").exits(0).json();
        assertThat(saga.get("state").asText()).isEqualTo("stuck");
        assertThat(saga.get("journal")).hasSize(4);
        assertThat(saga.get("journal").get(1).get("kind").asText()).isEqualTo("started");
        cli.run("saga", "confirm", "order-1", "--output", "receipt 7").exits(0);
        assertThat(sagas.run(stuck(), "order-1", "a book").outputs()).containsEntry("charge", "receipt 7");
        cli.run("saga", "retry", "order-1").exits(4);
        assertThat(cli.run("sagas").exits(0).out()).isEmpty();
        assertThat(cli.run("--json", "sagas", "--all")
                        .exits(0)
                        .json()
                        .get("state")
                        .asText())
                .isEqualTo("completed");
        cli.run("saga", "cancel", "order-1").exits(4);
        cli.run("saga", "absent").exits(3);
        cli.run("saga", "skip", "absent").exits(3);
        cli.run("saga").exits(2);
    }

    @Test
    void stuckSaga_isSkippedOrResolved() {
        sagas.run(stuck(), "order-1", "a");
        sagas.run(stuck(), "order-2", "b");
        cli.run("saga", "skip", "order-1", "--note", "paid in cash").exits(0);
        assertThat(sagas.run(stuck(), "order-1", "a").state()).isEqualTo(SagaState.COMPLETED);
        cli.run("saga", "resolve", "order-2", "--note", "written off").exits(0);
        assertThat(sagas.run(stuck(), "order-2", "b").reason()).contains("written off");
        assertThat(cli.run("saga", "forget", "--older-than", "1d").exits(0).out())
                .contains("0 sagas were");
        assertThat(cli.run("--json", "saga", "forget", "--older-than", "0ms")
                        .exits(0)
                        .json()
                        .get("forgotten")
                        .asInt())
                .isLessThanOrEqualTo(2);
    }

    @Test
    void manualSaga_isDrivenByReports() {
        String token = cli.run("saga", "begin", "trip-1", "flight", "hotel")
                .exits(0)
                .out()
                .strip();
        assertThat(cli.run("saga", "next", token).exits(0).out().strip()).isEqualTo("do flight");
        cli.run("saga", "record", token, "started", "flight").exits(0);
        assertThat(cli.run("saga", "next", token).exits(0).out().strip()).isEqualTo("do flight in doubt");
        cli.run("saga", "record", token, "done", "flight", "LH 1").exits(0);
        cli.run("saga", "record", token, "done", "flight").exits(4);
        JsonNode refused = cli.run("--json", "saga", "record", token, "refused", "hotel", "full")
                .exits(0)
                .json();
        assertThat(refused.get("next").get("undo").asBoolean()).isTrue();
        assertThat(cli.run("saga", "record", token, "undone", "flight").exits(0).out())
                .contains("compensated");
    }

    /** Starts a saga of one step that is driven by reports. */
    private String begin(String saga) {
        return cli.run("saga", "begin", saga, "flight").exits(0).out().strip();
    }

    @Test
    void next_afterTheEnd_printsTheState() {
        String done = begin("done");
        cli.run("saga", "record", done, "done", "flight").exits(0);
        String full = begin("full");
        cli.run("saga", "record", full, "refused", "flight").exits(0);
        String cancelled = begin("cancelled");
        cli.run("saga", "cancel", "cancelled").exits(0);
        String resolved = begin("resolved");
        cli.run("revoke", "fencepost:saga:resolved").exits(0);
        cli.run("saga", "next", resolved).exits(6);
        cli.run("saga", "resolve", "resolved").exits(0);
        nextIs("completed", done);
        nextIs("compensated", full);
        nextIs("compensated", cancelled);
        nextIs("resolved", resolved);
    }

    private void nextIs(String state, String token) {
        // Twice, because the first call may roll the saga back.
        for (int i = 0; i < 2; i++) {
            assertThat(cli.run("saga", "next", token).exits(0).out()).isEqualTo(state + "\n");
        }
        JsonNode json = cli.run("--json", "saga", "next", token).exits(0).json();
        assertThat(json.get("state").asText()).isEqualTo(state);
        assertThat(json.has("next")).isFalse();
    }

    @Test
    void reports_afterTheEnd_areConflicts() {
        String token = begin("trip-1");
        cli.run("saga", "record", token, "done", "flight").exits(0);
        for (String outcome : List.of("started", "done", "failed", "refused", "undone")) {
            JsonNode error = cli.run("--json", "saga", "record", token, outcome, "flight")
                    .exits(4)
                    .json();
            assertThat(error.get("error").asText()).isEqualTo("saga");
            assertThat(error.get("message").asText()).contains("'trip-1' is completed");
        }
        assertThat(cli.run("saga", "begin", "trip-1", "flight").exits(4).err()).contains("'trip-1' is completed");
    }

    @Test
    void outcomes_meanTheSame_inBothCommands() {
        String token = begin("trip-1");
        cli.run("saga", "record", token, "failed", "flight", "line busy").exits(0);
        assertThat(cli.run("saga", "next", token).exits(0).out()).isEqualTo("do flight\n");
        cli.run("saga", "record", token, "refused", "flight", "full").exits(0);
        nextIs("compensated", token);
        for (String command : List.of("record", "report")) {
            String usage = cli.run("saga", command, "--help").exits(0).out().replaceAll("\\s+", " ");
            assertThat(usage)
                    .contains("failed: it was not executed, and can be retried;")
                    .contains("refused: it was not executed, and a retry is useless");
        }
    }

    @Test
    void task_isClaimedAndReported_byAgentsWithoutJava() {
        WorkerStep<String> pack = WorkerStep.of("pack", "warehouse", context -> "pack " + context.input());
        cli.run("saga", "take", "warehouse").exits(3);
        sagas.start(SagaDefinition.of("order", 1, Codec.text()).step(pack), "order-1", "a book");
        JsonNode work = cli.run("--json", "saga", "take", "warehouse", "--wait", "30s")
                .exits(0)
                .json();
        assertThat(work.get("input").asText()).isEqualTo("pack a book");
        assertThat(work.get("idempotencyKey").asText()).startsWith("order-1/pack/");
        assertThat(cli.run("claims").exits(0).out()).contains("fencepost:task:order-1/pack");
        String token = work.get("token").asText();
        cli.run("saga", "report", token, "done", "box 7").exits(0);
        assertThat(sagas.await("order-1", LONG).orElseThrow().output(pack)).contains("box 7");
        JsonNode late = cli.run("--json", "saga", "report", token, "failed", "late")
                .exits(4)
                .json();
        assertThat(late.get("message").asText()).contains("as done");
        cli.run("saga", "take", "warehouse").exits(3);
    }
}
