package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys reserved for the library, which are refused to callers. */
class ReservedKeysTest {
    private static final Lease LEASE = Lease.of(Duration.ofHours(1));

    @TempDir
    Path folder;

    private Store store;
    private Agent agent;

    @BeforeEach
    void open() {
        store = Store.open(folder.resolve("a.db"));
        agent = store.agent("planner");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "saga:order-1", "cursor:indexer", "task:order-1/pack", "undo:order-1/pack"})
    void writesAndClaims_onReservedKeys_areRefused(String suffix) {
        Key<String> key = Key.text("fencepost:" + suffix);
        Key<String> other = Key.text("other");
        Map<String, Consumer<Agent>> calls = Map.ofEntries(
                Map.entry("put", a -> a.tryPut(key, "x")),
                Map.entry("put if absent", a -> a.tryPut(key, "x", Precondition.ifAbsent())),
                Map.entry("delete", a -> a.tryDelete(key)),
                Map.entry("update", a -> a.update(key, "x", before -> before)),
                Map.entry("async put", a -> a.async().put(key, "x", Precondition.none())),
                Map.entry("async delete", a -> a.async().delete(key, Precondition.none())),
                Map.entry(
                        "commit",
                        a -> a.tryCommit(WriteBatch.of().put(other, "x").put(key, "x"))),
                Map.entry(
                        "commit of a deletion", a -> a.tryCommit(WriteBatch.of().delete(key))),
                Map.entry(
                        "demand",
                        a -> a.tryCommit(WriteBatch.of().put(other, "x").require(key, Precondition.ifAbsent()))),
                Map.entry("async commit", a -> a.async().commit(WriteBatch.of().put(key, "x"))),
                Map.entry(
                        "transaction",
                        a -> a.transact(transaction -> {
                            transaction.put(key, "x");
                            return true;
                        })),
                Map.entry("claim", a -> a.claim(key, LEASE)),
                Map.entry("claim of several", a -> a.claim(List.of(other, key), LEASE, Duration.ZERO)));
        calls.forEach((call, made) -> assertThatThrownBy(() -> made.accept(agent))
                .as(call)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("The key '" + key.name()
                        + "' begins with 'fencepost:', which is reserved for the library. Use another name"));
        assertThat(store.list(Prefix.text(""))).isEmpty();
    }

    @Test
    void saga_claimingReservedKey_isStuck_withReason() {
        SagaOutcome outcome = agent.sagas()
                .run(
                        SagaDefinition.of("order", 1, Codec.text())
                                .claiming(input -> List.of(Key.text("fencepost:saga:x")))
                                .step(ExternalStep.<String>of("charge", context -> "paid")),
                        "order-1",
                        "x");
        assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
        assertThat(outcome.reason().orElseThrow()).contains("begins with 'fencepost:', which is reserved");
    }

    @Test
    void reservedKeys_readingAndRevoking_isAllowed() {
        Key<String> key = Key.text("fencepost:saga:order-1");
        assertThat(store.get(key)).isEmpty();
        assertThat(agent.revoke(key)).isEmpty();
        boolean found = agent.transact(transaction -> transaction.get(key).isPresent());
        assertThat(found).isFalse();
    }

    @Test
    void similarKeys_areWritten() {
        for (String name : List.of("fencepost", "fencepost/x", "x/fencepost:y", "FENCEPOST:x", "saga:x", "work:x")) {
            assertThat(agent.tryPut(Key.text(name), "x").isCommitted()).isTrue();
        }
    }
}
