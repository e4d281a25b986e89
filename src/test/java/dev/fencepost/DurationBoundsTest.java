package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.saga.SagaDefinition;
import java.lang.reflect.Executable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every duration that a caller can give has bounds, and is refused outside of them by name. */
class DurationBoundsTest {
    private static final Key<String> PLAN = Key.text("plans/launch");
    private static final Lease LEASE = Lease.of(Duration.ofMinutes(1));
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Out of bounds for all: too short or too long, also where a clock or a number of nanoseconds would overflow. */
    private static final List<Duration> BAD = List.of(
            Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
            Duration.ofSeconds(Long.MIN_VALUE),
            Duration.ofNanos(Long.MAX_VALUE),
            Duration.ofDays(36_501),
            Duration.ofNanos(-1));

    @TempDir
    Path folder;

    private Store store;

    @BeforeEach
    void open() {
        store = Store.open(config());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private StoreConfig config() {
        return StoreConfig.of(folder.resolve("a.db"));
    }

    /** Returns the duration parameters of the public API, by the method that takes them. */
    private Map<String, List<Consumer<Duration>>> parameters() {
        Agent agent = store.agent("planner");
        ChangeSource<Change<String>> source = ChangeSource.values(Prefix.text(""));
        Map<String, List<Consumer<Duration>>> all = new TreeMap<>();
        all.put("Agent.claim", List.of(bad -> agent.claim(PLAN, LEASE, bad)));
        all.put("ChangeFeed.await", List.of(bad -> agent.feed().await(source, 0, 1, bad)));
        all.put("ChangeFeed.claimBatch", List.of(bad -> agent.feed().claimBatch(Cursor.of("c", source), bad)));
        all.put(
                "ChangeFeed.claimDeadLetter",
                List.of(bad -> agent.feed().claimDeadLetter(Cursor.of("c", source), 1, bad)));
        all.put("Freshness.maxStaleness", List.of(Freshness::maxStaleness));
        all.put("Freshness$MaxStaleness.new", List.of(Freshness.MaxStaleness::new));
        all.put("RetentionPolicy.within", List.of(RetentionPolicy::within));
        all.put("RetentionPolicy.latestOrWithin", List.of(bad -> RetentionPolicy.latestOrWithin(1, bad)));
        all.put("Lease.new", List.of(bad -> new Lease(bad, SECOND, true), bad -> new Lease(SECOND, bad, true)));
        all.put("Lease.of", List.of(Lease::of));
        all.put("Lease.maxHold", List.of(LEASE::maxHold));
        all.put("Lease.withoutHeartbeats", List.of(Lease::withoutHeartbeats));
        all.putAll(ofPolicies());
        all.putAll(ofBackground(agent));
        return all;
    }

    private Map<String, List<Consumer<Duration>>> ofPolicies() {
        Map<String, List<Consumer<Duration>>> all = new TreeMap<>();
        all.put(
                "RetryPolicy.new",
                List.of(
                        bad -> new RetryPolicy(1, bad, SECOND, SECOND),
                        bad -> new RetryPolicy(1, Duration.ZERO, bad, SECOND),
                        bad -> new RetryPolicy(1, Duration.ZERO, SECOND, bad)));
        all.put("RetryPolicy.maxDuration", List.of(RetryPolicy.standard()::maxDuration));
        all.put("SagaDefinition.timeout", List.of(SagaDefinition.of("order", 1, Codec.text())::timeout));
        all.put("Store.close", List.of(bad -> store.close(bad)));
        all.put("Store.awaitChange", List.of(bad -> store.awaitChange(PLAN, 0, bad)));
        all.put("StoreConfig.withWriteLockTimeout", List.of(bad -> config().withWriteLockTimeout(bad)));
        all.put("StoreConfig.withHeartbeat", List.of(bad -> config().withHeartbeat(bad)));
        all.put("StoreConfig.withMaxWait", List.of(bad -> config().withMaxWait(bad)));
        return all;
    }

    private static Map<String, List<Consumer<Duration>>> ofBackground(Agent agent) {
        Map<String, List<Consumer<Duration>>> all = new TreeMap<>();
        all.put("Retention.setClaimAge", List.of(bad -> agent.retention().setClaimAge(bad)));
        all.put("Retention.applyEvery", List.of(bad -> agent.retention().applyEvery(bad)));
        all.put("Sagas.await", List.of(bad -> agent.sagas().await("order-1", bad)));
        all.put("Sagas.forget", List.of(bad -> agent.sagas().forget(bad)));
        all.put("Sagas.recoverEvery", List.of(bad -> agent.sagas().recoverEvery(bad, List.of())));
        all.put("Sagas.claimTask", List.of(bad -> agent.sagas().claimTask("role", LEASE, bad)));
        return all;
    }

    @Test
    void durationOutOfBounds_isRefusedByName() {
        parameters()
                .forEach((name, calls) ->
                        calls.forEach(call -> BAD.forEach(bad -> assertThatThrownBy(() -> call.accept(bad))
                                .as("%s of %s", name, bad)
                                .isInstanceOf(InvalidInputException.class)
                                .hasMessageContaining(bad.toString()))));
    }

    @Test
    void everyDurationOfTheInterface_isTried() throws ClassNotFoundException {
        Set<String> found = new TreeSet<>();
        for (Path source : PublicSources.files()) {
            found.addAll(durationsOf(Class.forName(PublicSources.typeOf(source))));
        }
        // The library makes exceptions and results, so no caller passes durations to them.
        found.removeIf(name -> name.contains("Exception."));
        assertThat(found).isEqualTo(parameters().keySet());
    }

    private static Set<String> durationsOf(Class<?> type) {
        Set<String> found = new TreeSet<>();
        Stream.of(type.getMethods(), type.getConstructors())
                .flatMap(Arrays::stream)
                .filter(executable -> executable.getDeclaringClass() == type)
                .filter(executable -> List.of(executable.getParameterTypes()).contains(Duration.class))
                .forEach(executable -> found.add(name(type, executable)));
        for (Class<?> nested : type.getClasses()) {
            found.addAll(durationsOf(nested));
        }
        return found;
    }

    private static String name(Class<?> type, Executable executable) {
        String owner = type.getName().substring(type.getPackageName().length() + 1);
        return owner + "." + (executable.getName().equals(type.getName()) ? "new" : executable.getName());
    }
}
