package dev.fencepost.verification.traces;

import dev.fencepost.Codec;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.RetryPolicy;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.ExternalStep.ProbeResult;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.StepContext;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A saga with a store step, two parallel external steps and another store step. One of the external steps has a probe,
 * and the other is idempotent. The names decide the outcome of each attempt, so that the outcomes of many sagas vary.
 */
final class TraceSaga {
    /** The names of the steps in order. */
    static final List<String> STEPS = List.of("book", "call", "send", "note");

    private static final Lease LEASE = Lease.withoutHeartbeats(Duration.ofMillis(300));
    private static final RetryPolicy THREE =
            new RetryPolicy(3, Duration.ZERO, Duration.ofMillis(2), Duration.ofMinutes(5));

    private final Path outside;
    private final Runnable meanwhile;

    /**
     * Creates the saga.
     *
     * @param outside the folder with one file for each external effect
     * @param meanwhile runs between the intent and the call of the step with the probe
     */
    TraceSaga(Path outside, Runnable meanwhile) {
        this.outside = outside;
        this.meanwhile = meanwhile;
    }

    SagaDefinition<String> definition() {
        return SagaDefinition.of("errand", 1, Codec.text())
                .lease(LEASE)
                .step(inStore("book"))
                .parallel(
                        ExternalStep.<String>of("call", context -> {
                                    meanwhile.run();
                                    return call("call", context);
                                })
                                .compensatedBy((context, input, output) -> undo("call", context))
                                .withProbe(this::ask)
                                .retry(THREE)
                                .compensationRetry(THREE),
                        ExternalStep.<String>of("send", context -> call("send", context))
                                .compensatedBy((context, input, output) -> undo("send", context))
                                .idempotent()
                                .retry(THREE)
                                .compensationRetry(THREE))
                .step(inStore("note"));
    }

    private static StoreStep<String, String> inStore(String step) {
        return StoreStep.<String>of(step, (transaction, context) -> {
                    int chance = chance(step, context);
                    if (chance < 15) {
                        throw StepFailedException.retryable("not now");
                    } else if (chance < 18) {
                        throw StepFailedException.permanent("never");
                    }
                    transaction.put(key(context), step);
                    return step;
                })
                .compensatedBy((transaction, context, output) -> {
                    if (chance("undo " + step, context) < 15) {
                        throw StepFailedException.retryable("not now");
                    }
                    transaction.put(key(context), "nothing");
                })
                .retry(THREE)
                .compensationRetry(THREE);
    }

    private static Key<String> key(StepContext<String> context) {
        return Key.text("errand/" + context.saga());
    }

    private String call(String step, StepContext<String> context) throws StepFailedException, IOException {
        int chance = chance(step, context);
        if (chance < 15) {
            throw StepFailedException.retryable("engaged");
        } else if (chance < 22) {
            throw StepFailedException.permanent("unwanted");
        } else if (chance < 30) {
            throw new IOException("the line is dead, and nothing was said");
        } else if (Files.exists(barrier(context))) {
            throw StepFailedException.retryable("too late");
        }
        happen(effect(step, context));
        if (chance < 42) {
            throw new IOException("the line is dead, after all was said");
        }
        return "ok";
    }

    private void undo(String step, StepContext<String> context) throws StepFailedException, IOException {
        if (chance("undo " + step, context) < 20) {
            throw StepFailedException.retryable("engaged");
        }
        Files.deleteIfExists(effect(step, context));
    }

    /** Probes an attempt. A probe that rules the attempt out bars it from taking effect later. */
    private ProbeResult<String> ask(StepContext<String> context) throws IOException {
        if (chance("ask", context) < 15) {
            return new ProbeResult.Unknown<>("the probe does not answer");
        }
        happen(barrier(context));
        return Files.exists(effect("call", context))
                ? new ProbeResult.Executed<>("ok")
                : new ProbeResult.NotExecuted<>();
    }

    private static void happen(Path effect) throws IOException {
        try {
            Files.createFile(effect);
        } catch (FileAlreadyExistsException e) {
            // Once is enough.
        }
    }

    private Path effect(String step, StepContext<String> context) {
        return outside.resolve(context.saga() + "-" + step);
    }

    private Path barrier(StepContext<String> context) {
        return outside.resolve(context.saga() + "-barred-" + context.attempt());
    }

    private static int chance(String step, StepContext<String> context) {
        return Math.floorMod(Objects.hash(step, context.saga(), context.attempt()) * 0x9E3779B1 >>> 7, 100);
    }
}
