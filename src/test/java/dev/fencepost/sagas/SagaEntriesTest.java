package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.ExternalStep.ProbeResult;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.ManualSaga.Next;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The final journal, entry by entry: step, attempt and text. */
class SagaEntriesTest extends SagaFixture {
    private static final StepFailedException BUSY = StepFailedException.retryable("busy");
    private static final StepFailedException NO = StepFailedException.permanent("no");

    private SagaOutcome run(SagaDefinition<String> order) {
        return agent.sagas().run(order, "order-1", "x");
    }

    private List<String> journal() {
        return agent.sagas().find("order-1").orElseThrow().journal().stream()
                .map(SagaEntriesTest::line)
                .toList();
    }

    private static String line(JournalEntry entry) {
        return entry.type().word()
                + entry.step().map(step -> " " + step + " " + entry.attempt()).orElse("")
                + entry.text().map(text -> ": " + text).orElse("");
    }

    private void lose() {
        store.agent("operator").revoke(Key.text("fencepost:saga:order-1"));
    }

    @Test
    void failedCompensation_isRetried_andSucceeds() {
        ExternalStep<String, String> charge = effect("charge")
                .compensatedBy(context -> "account 7", (context, input, output) -> {
                    effects.add("refund " + context.attempt() + " " + input);
                    if (context.attempt() == 1) {
                        throw new IOException("bank closed");
                    }
                });
        SagaOutcome outcome = run(order().step(reserve()).step(charge).step(failing("ship", BUSY)));
        assertThat(outcome.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(outcome.reason()).contains("ship: busy");
        assertThat(journal())
                .containsExactly(
                        "begun: x",
                        "done reserve 1: one of 10",
                        "started charge 1: account 7",
                        "done charge 1: charge for x",
                        "started ship 1: ",
                        "failed ship 1: busy",
                        "started ship 2: ",
                        "failed ship 2: busy",
                        "compensating: ship: busy",
                        "undoing charge 1",
                        "undo-failed charge 1: bank closed",
                        "undoing charge 2",
                        "undone charge 2",
                        "undone reserve 1",
                        "compensated");
        assertThat(effects).endsWith("refund 1 account 7", "refund 2 account 7");
        assertThat(stock()).isEqualTo("10");
    }

    @Test
    void failedCompensation_isStuck_andRetriedByAnOperator() {
        ExternalStep<String, String> charge = effect("charge").compensatedBy((context, input, output) -> {
            throw new IOException("bank closed " + context.attempt());
        });
        SagaDefinition<String> order = order().step(charge).step(failing("ship", NO));
        assertThat(run(order).reason()).contains("charge: could not be compensated: bank closed 2");
        agent.sagas().retry("order-1", "the bank has opened");
        assertThat(run(order).reason()).contains("charge: could not be compensated: bank closed 4");
        assertThat(journal())
                .endsWith(
                        "undoing charge 2",
                        "undo-failed charge 2: bank closed 2",
                        "stuck charge 0: could not be compensated: bank closed 2",
                        "retried charge 0: the bank has opened",
                        "undoing charge 3",
                        "undo-failed charge 3: bank closed 3",
                        "undoing charge 4",
                        "undo-failed charge 4: bank closed 4",
                        "stuck charge 0: could not be compensated: bank closed 4");
    }

    @Test
    void failedStoreCompensation_changesNothing_andIsStuck() {
        for (RuntimeException thrown : List.of(new IllegalStateException("odd"), new IllegalStateException())) {
            String id = "order-" + thrown.getMessage();
            StoreStep<String, String> odd = reserve()
                    .compensatedBy((tx, context, output) -> {
                        tx.put(STOCK, "0");
                        throw thrown;
                    })
                    .compensationRetry(TWICE);
            SagaOutcome outcome = agent.sagas().run(order().step(odd).step(failing("ship", NO)), id, "x");
            String why = thrown.getMessage() == null ? "IllegalStateException" : "odd";
            assertThat(outcome.reason()).contains("reserve: could not be compensated: " + why);
            assertThat(agent.sagas().find(id).orElseThrow().journal().stream()
                            .map(SagaEntriesTest::line)
                            .filter(line -> line.startsWith("undo")))
                    .containsExactly("undo-failed reserve 1: " + why, "undo-failed reserve 2: " + why);
        }
        assertThat(stock()).isEqualTo("8");
    }

    @Test
    void refusedStoreCompensation_isNotRetried() {
        StoreStep<String, String> refusing = reserve().compensatedBy((tx, context, output) -> {
            tx.put(STOCK, "0");
            throw StepFailedException.permanent("written off");
        });
        assertThat(run(order().step(refusing).step(failing("ship", NO))).state())
                .isEqualTo(SagaState.STUCK);
        assertThat(journal())
                .endsWith(
                        "undo-failed reserve 1: written off",
                        "stuck reserve 0: could not be compensated: written" + " off");
        assertThat(stock()).isEqualTo("9");
    }

    @Test
    void refusedStep_isNotRetried_afterATakeover() {
        ExternalStep<String, String> ship = failingBeside("ship", NO);
        ExternalStep<String, String> beside = ExternalStep.<String>of("beside", context -> {
            awaitEntries("order-1", JournalEntry.Type.REFUSED, 1);
            lose();
            return "done";
        });
        SagaDefinition<String> order = order().parallel(
                        ship,
                        beside.compensatedBy((context, input, output) -> {}).compensateIfUnknown());
        assertThatThrownBy(() -> run(order)).isInstanceOf(FencedException.class);
        assertThat(run(order).state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).containsExactly("ship");
        assertThat(agent.sagas().find("order-1").orElseThrow().reason()).contains("ship: no");
    }

    @Test
    void probeWithoutAnAnswer_isRepeatedUpToThePolicy() {
        ExternalStep<String, String> charge = failing("charge", new IOException("reset"))
                .withProbe(context -> {
                    effects.add("ask " + context.attempt());
                    return new ProbeResult.Unknown<>("the bank is closed");
                });
        assertThat(run(order().step(charge)).reason())
                .contains("charge: unknown outcome of attempt 1: the bank is closed");
        assertThat(effects).containsExactly("charge", "ask 1", "ask 1");
    }

    @Test
    void failingProbe_isRepeated() {
        ExternalStep<String, String> charge = failing("charge", new IOException("reset"))
                .withProbe(context -> {
                    effects.add("ask");
                    if (effects.size() == 2) {
                        throw new IllegalStateException("no line");
                    }
                    return new ProbeResult.Executed<>("paid");
                });
        assertThat(run(order().step(charge)).outputs()).containsEntry("charge", "paid");
        ExternalStep<String, String> never = failing("charge", new IOException("reset"))
                .withProbe(context -> {
                    throw new IOException("no line");
                });
        assertThat(agent.sagas()
                        .run(order().step(never), "order-2", "x")
                        .reason()
                        .orElseThrow())
                .endsWith("no line");
    }

    @Test
    void negativeProbe_countsAsAnAttempt() {
        ExternalStep<String, String> charge =
                failing("charge", new IOException("reset")).withProbe(context -> new ProbeResult.NotExecuted<>());
        SagaOutcome outcome = run(order().step(charge));
        assertThat(outcome.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(journal())
                .containsExactly(
                        "begun: x",
                        "started charge 1: ",
                        "unknown charge 1: reset",
                        "ruled-out charge 1: the probe reports that the step was not executed",
                        "started charge 2: ",
                        "unknown charge 2: reset",
                        "ruled-out charge 2: the probe reports that the step was not executed",
                        "compensating: charge: reset",
                        "compensated");
    }

    @Test
    void compensation_afterATakeover_isRepeated_andTheSagaEnds() {
        ExternalStep<String, String> charge = effect("charge").compensatedBy((context, input, output) -> {
            effects.add("refund " + context.attempt());
            if (context.attempt() == 1) {
                store.agent("operator").revoke(Key.text("fencepost:saga:order-1"));
            }
        });
        SagaDefinition<String> order = order().step(charge).step(failing("ship", NO));
        assertThatThrownBy(() -> run(order)).isInstanceOf(FencedException.class);
        assertThat(agent.sagas().find("order-1").orElseThrow().state()).isEqualTo(SagaState.COMPENSATING);
        assertThat(run(order).state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(journal()).endsWith("undoing charge 1", "undoing charge 2", "undone charge 2", "compensated");
    }

    @Test
    void unknownStep_besideARefusedOne_isRepeatedToResolveIt() {
        ExternalStep<String, String> charge = ExternalStep.<String>of("charge", context -> {
                    awaitEntries("order-1", JournalEntry.Type.REFUSED, 1);
                    if (context.attempt() == 1) {
                        throw new IOException("reset");
                    }
                    return "paid";
                })
                .compensatedBy((context, input, output) -> effects.add("refund " + output.orElseThrow()))
                .idempotent()
                .retry(TWICE);
        SagaOutcome outcome = run(order().parallel(failingBeside("ship", NO), charge));
        assertThat(outcome.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(journal())
                .endsWith(
                        "refused ship 1: no",
                        "unknown charge 1: reset",
                        "started charge 2: ",
                        "done charge 2: paid",
                        "compensating: ship: no",
                        "undoing charge 1",
                        "undone charge 1",
                        "compensated");
        assertThat(effects).endsWith("refund paid");
    }

    @Test
    void interruptedStep_keepsInterruptFlag_andJournalsNothing() {
        ExternalStep<String, String> slow = ExternalStep.<String>of("slow", context -> {
                    throw new InterruptedException();
                })
                .compensatedBy((context, input, output) -> {
                    throw new InterruptedException();
                })
                .compensateIfUnknown();
        SagaDefinition<String> order = order().step(slow);
        assertThatThrownBy(() -> run(order))
                .isInstanceOf(WaitInterruptedException.class)
                .hasMessageContaining("'slow'");
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(() -> run(order))
                .isInstanceOf(WaitInterruptedException.class)
                .hasMessageContaining("compensation of the step 'slow'");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(journal())
                .containsExactly(
                        "begun: x",
                        "started slow 1: ",
                        "compensating: slow: the outcome of attempt 1 is unknown",
                        "undoing slow 1");
    }

    @Test
    void manualSaga_journalsEveryReport() {
        ManualSaga trip = agent.sagas().startManual("order-1", List.of("flight", "hotel"), order().lease());
        trip.started("flight");
        trip.done("flight", "LH 1");
        trip.started("hotel");
        trip.started("hotel");
        assertThat(trip.next()).contains(new Next("hotel", false, true));
        trip.refused("hotel", "full");
        trip.started("flight");
        trip.started("flight");
        assertThat(trip.next()).contains(new Next("flight", true, true));
        trip.compensated("flight");
        assertThat(journal())
                .containsExactly(
                        "begun: flight\nhotel",
                        "started flight 1",
                        "done flight 1: LH 1",
                        "started hotel 1",
                        "started hotel 2",
                        "refused hotel 2: full",
                        "compensating: hotel: full",
                        "undoing flight 1",
                        "undoing flight 2",
                        "undone flight 2",
                        "compensated");
        assertThat(trip).hasToString("saga 'order-1', manual");
    }

    @Test
    void reportWithoutAStart_isTheFirstAttempt() {
        ManualSaga trip = agent.sagas().startManual("order-1", List.of("flight", "hotel"), order().lease());
        trip.done("flight", "LH 1");
        trip.refused("hotel", "full");
        trip.compensated("flight");
        assertThat(journal()).contains("done flight 1: LH 1", "refused hotel 1: full", "undone flight 1");
    }

    @Test
    void cancel_withOrWithoutText_isTheReason() {
        SagaDefinition<String> order = order().step(ExternalStep.of("charge", context -> {
            agent.sagas().cancel(context.saga(), context.input());
            return "paid";
        }));
        assertThat(agent.sagas().run(order, "order-1", "ill").reason()).contains("cancelled: ill");
        assertThat(agent.sagas().run(order, "order-2", "").reason()).contains("cancelled");
    }

    @Test
    void deadline_isTheFirstLateMoment() {
        for (int early = 1; early >= 0; early--) {
            int before = early;
            SagaDefinition<String> order = order().timeout(Duration.ofSeconds(10))
                    .step(ExternalStep.of("wait", context -> {
                        clock.advance(Duration.ofSeconds(10).minusMillis(before));
                        return "";
                    }));
            assertThat(agent.sagas().run(order, "order-" + early, "x").reason())
                    .isEqualTo(early == 1 ? Optional.empty() : Optional.of("its deadline has passed"));
        }
    }

    @Test
    void errorMessage_losesInvalidCharacters_andIsShortened() {
        String all = "a\0\ud7ff\ue000\ud800b\udfffc" + "x".repeat(5_000);
        run(order().step(failing("charge", StepFailedException.permanent(all))));
        assertThat(journal()).contains("refused charge 1: a\ud7ff\ue000bc" + "x".repeat(3_995));
    }
}
