package dev.fencepost.sagas;

import dev.fencepost.Codec;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Transaction;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.ExternalStep.ProbeResult;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.StepContext;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import java.time.Duration;

/**
 * An order: stock is reserved, then the order is paid, packed and sent. An order {@code to nowhere} is refused when it
 * is sent.
 */
final class OrderSaga {
    static final Key<String> STOCK = Key.text("stock");
    static final Key<String> SENT = Key.text("sent");
    static final String TO_NOWHERE = "to nowhere";

    static final Lease LEASE = Lease.of(Duration.ofMinutes(1));

    private static final RetryPolicy QUICK =
            new RetryPolicy(5, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMinutes(1));

    private OrderSaga() {}

    /** Returns the definition with its effects in this world. */
    static SagaDefinition<String> over(ExternalWorld outside) {
        return SagaDefinition.of("order", 1, Codec.text())
                .lease(LEASE)
                .step(StoreStep.<String>of("reserve", (tx, context) -> add(tx, STOCK, -1))
                        .compensatedBy((tx, context, output) -> add(tx, STOCK, 1))
                        .retry(QUICK))
                .step(ExternalStep.<String>of("charge", context -> ask(outside, "charge", context))
                        .compensatedBy((context, input, output) -> ask(outside, "uncharge", context))
                        .withProbe(context -> outside.ask("probe-charge", context.idempotencyKey(), context.attempt())
                                        .equals("happened")
                                ? new ProbeResult.Executed<>("ok")
                                : new ProbeResult.NotExecuted<>())
                        .retry(QUICK)
                        .compensationRetry(QUICK))
                .step(ExternalStep.<String>of("pack", context -> ask(outside, "pack", context))
                        .compensatedBy((context, input, output) -> ask(outside, "unpack", context))
                        .idempotent()
                        .retry(QUICK)
                        .compensationRetry(QUICK))
                .step(StoreStep.<String>of("send", (tx, context) -> {
                            if (context.input().equals(TO_NOWHERE)) {
                                throw StepFailedException.permanent("no such address");
                            }
                            return add(tx, SENT, 1);
                        })
                        .retry(QUICK));
    }

    private static String ask(ExternalWorld outside, String what, StepContext<String> context)
            throws StepFailedException {
        String answer = outside.ask(what, context.idempotencyKey(), context.attempt());
        if (answer.equals("barred")) {
            throw StepFailedException.retryable("barred");
        }
        return answer;
    }

    static String add(Transaction tx, Key<String> key, int difference) {
        int before = tx.get(key).map(value -> Integer.parseInt(value.value())).orElse(0);
        tx.put(key, Integer.toString(before + difference));
        return Integer.toString(before);
    }
}
