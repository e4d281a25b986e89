package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Codec;
import dev.fencepost.Store;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.LogProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a step that throws. It names the saga, the step and the attempt. */
class LoggedFailuresTest {
    @TempDir
    Path folder;

    @Test
    void throwingStep_isLoggedWithSagaStepAndAttempt() throws Exception {
        String printed = JvmLauncher.quick()
                .withOptions(LogProvider.option(LogProvider.Printing.class))
                .run(LoggedFailuresTest.class, folder.resolve("a.db").toString())
                .orThrow();
        assertThat(printed.lines())
                .contains(
                        "WARN Step 'book' of the saga 'order-1' failed in attempt 1 "
                                + "java.lang.IllegalStateException: no room",
                        "WARN Compensation of the step 'charge' of the saga 'order-1' failed in attempt 1 "
                                + "java.lang.StackOverflowError: deep");
    }

    /** Runs in the child process. */
    public static void main(String[] args) {
        SagaDefinition<String> order = SagaDefinition.of("order", 1, Codec.text())
                .step(ExternalStep.<String>of("charge", context -> "paid")
                        .compensatedBy((context, input, output) -> {
                            throw new StackOverflowError("deep");
                        })
                        .compensationRetry(SagaFixture.TWICE.maxAttempts(1)))
                .step(StoreStep.<String>of("book", (tx, context) -> {
                            if (context.attempt() == 1) {
                                throw new IllegalStateException("no room");
                            }
                            throw StepFailedException.permanent("sold out");
                        })
                        .retry(SagaFixture.TWICE));
        try (Store store = Store.open(Path.of(args[0]))) {
            store.agent("planner").sagas().run(order, "order-1", "x");
        }
    }
}
