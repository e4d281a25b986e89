package dev.fencepost.verification.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Codec;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.commit.TableTrace;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.Sagas;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store step whose attempt begins before its saga is cancelled and fails afterwards. The failure changes nothing and
 * is allowed. A success or a new attempt is not.
 */
class LateFailuresTest {
    @TempDir
    Path folder;

    @Test
    void attemptBeforeTheCancel_mayFailAfterIt() throws Exception {
        List<Step> told = cancelledWhileTrying(StepFailedException.retryable("not now"));
        assertThat(kinds(told)).endsWith("cancel-requested", "failed", "compensating", "compensated");
        assertThat(isAllowed(told)).isTrue();
    }

    @Test
    void attemptBeforeTheCancel_mayFailPermanentlyAfterIt() throws Exception {
        List<Step> told = cancelledWhileTrying(StepFailedException.permanent("never"));
        assertThat(kinds(told)).endsWith("cancel-requested", "refused", "compensating", "compensated");
        assertThat(isAllowed(told)).isTrue();
    }

    @Test
    void attemptBeforeTheCancel_isNotDoneAfterIt() throws Exception {
        List<Step> told = cancelledWhileTrying(StepFailedException.retryable("not now"));
        int failed = kinds(told).indexOf("failed");
        assertThat(isAllowed(then(told.subList(0, failed), saying("done", told.get(failed)))))
                .isFalse();
    }

    @Test
    void newAttempt_afterTheCancel_isRejected() throws Exception {
        List<Step> told = cancelledWhileTrying(StepFailedException.retryable("not now"));
        int failed = kinds(told).indexOf("failed");
        Step again = told.get(failed);
        Step.Row second = again.what().withVersions(again.what().was().orElse(0L), 2);
        assertThat(isAllowed(then(told.subList(0, failed + 1), again.with(second))))
                .isFalse();
    }

    private List<Step> cancelledWhileTrying(StepFailedException how) throws Exception {
        Path file = folder.resolve("traced.db");
        StoreConfig config = StoreConfig.of(file);
        try (Store store = TableTrace.open(config);
                Store other = TableTrace.open(config)) {
            Sagas customer = other.agent("customer").sagas();
            SagaDefinition<String> errand = SagaDefinition.of("errand", 1, Codec.text())
                    .step(StoreStep.<String>of(TraceSaga.STEPS.get(0), (transaction, context) -> {
                        customer.cancel(context.saga(), "changed my mind");
                        throw how;
                    }));
            store.agent("planner").sagas().run(errand, "errand-1", "");
        }
        return SagaTrace.group(Step.of(file)).get(0);
    }

    private boolean isAllowed(List<Step> told) throws Exception {
        List<List<SagaTrace>> bundles = List.of(List.of(SagaTrace.of(told)));
        return !new TraceChecker(folder, "SagasTrace")
                .check(SagaTrace.module(bundles))
                .accepted()
                .isEmpty();
    }

    private static Step saying(String kind, Step of) {
        return of.with(of.what().judged(kind));
    }

    private static List<Step> then(List<Step> steps, Step last) {
        return Stream.concat(steps.stream(), Stream.of(last)).toList();
    }

    private static List<String> kinds(List<Step> steps) {
        List<String> kinds = new ArrayList<>();
        steps.forEach(step -> kinds.add(step.what().how()));
        return kinds;
    }
}
