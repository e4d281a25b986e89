package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.event.ChangeFeed;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.FoldState;
import dev.fencepost.event.NewEvent;
import dev.fencepost.event.SubscriptionOptions;
import dev.fencepost.history.History;
import dev.fencepost.history.Retention;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.Sagas;
import dev.fencepost.saga.StepContext;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.saga.WorkerStep;
import dev.fencepost.testing.OpenStoreTest;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Null for each parameter of each public method, refused by an error that names the parameter. */
class NullArgumentsTest extends OpenStoreTest {
    private static final Key<String> KEY = Key.text("k");
    private static final EventStream<String> STREAM = EventStream.text("s");
    private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));
    private static final ExternalStep<String, String> OUTSIDE = ExternalStep.of("outside", context -> "");
    private static final StoreStep<String, String> INSIDE = StoreStep.of("inside", (tx, context) -> "");
    private static final WorkerStep<String> ROLE = WorkerStep.of("role", "worker", context -> "");
    private static final SagaDefinition<String> SAGA =
            SagaDefinition.<String>of("saga", 1, Codec.text()).step(OUTSIDE);
    private static final Fold<String, String> FOLD = new Fold<>("f", 1, "", (state, event) -> state, Codec.text());

    /** The types of caller input, besides those that a store makes. */
    private static final List<Class<?>> INPUTS = List.of(
            Codec.class,
            CommitId.class,
            Cursor.class,
            EventCodec.class,
            EventStream.class,
            Fold.class,
            Freshness.class,
            Freshness.AtLeast.class,
            Freshness.MaxStaleness.class,
            RetentionPolicy.class,
            Key.class,
            Lease.class,
            NewEvent.class,
            ExternalStep.class,
            Position.class,
            Precondition.class,
            Precondition.HasValue.class,
            Prefix.class,
            RetryPolicy.class,
            WorkerStep.class,
            SagaDefinition.class,
            ChangeSource.class,
            ChangeSource.Events.class,
            ChangeSource.OneStream.class,
            ChangeSource.Values.class,
            ClaimToken.class,
            StepFailedException.class,
            Store.class,
            StoreConfig.class,
            StoreStep.class,
            WriteBatch.class,
            WriteBatch.Append.class);

    private final List<String> wrong = new ArrayList<>();
    private ParameterNames names;
    private Agent agent;

    @BeforeEach
    void open() throws Exception {
        names = new ParameterNames();
        agent = store.agent("a");
        agent.put(KEY, "v").orThrow();
        agent.append(STREAM, NewEvent.of("e"));
    }

    private Object valid(Class<?> type, String name) {
        if (type.equals(String.class)) {
            return name.equals("prefix") ? "k" : "name";
        } else if (type.equals(int.class)) {
            return 1;
        } else if (type.equals(long.class)) {
            return 1L;
        } else if (type.equals(boolean.class)) {
            return false;
        } else if (type.equals(Reader.class)) {
            return store;
        } else if (type.equals(Object.class)) {
            return "value";
        } else if (type.equals(List.class) || type.equals(Collection.class)) {
            return switch (name) {
                case "keys" -> List.of(KEY);
                case "events" -> List.of(NewEvent.of("e"));
                case "steps" -> List.of("step");
                default -> List.of();
            };
        }
        return VALID.entrySet().stream()
                .filter(entry ->
                        type.isInstance(entry.getValue()) && entry.getKey().equals(type))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing valid for " + type));
    }

    private static final Map<Class<?>, Object> VALID = Map.ofEntries(
            Map.entry(BackupOptions.class, BackupOptions.defaults()),
            Map.entry(RestoreOptions.class, RestoreOptions.by("a")),
            Map.entry(SubscriptionOptions.class, SubscriptionOptions.standard()),
            Map.entry(BiConsumer.class, (BiConsumer<Object, Object>) (a, b) -> {}),
            Map.entry(BiFunction.class, (BiFunction<Object, Object, Object>) (a, b) -> a),
            Map.entry(Class.class, String.class),
            Map.entry(ClaimToken.class, new ClaimToken("fpc-" + "0".repeat(32) + "-1-" + "0".repeat(16))),
            Map.entry(Codec.class, Codec.text()),
            Map.entry(CommitId.class, new CommitId("0".repeat(32), 1, 1, 1)),
            Map.entry(Consumer.class, (Consumer<Object>) a -> {}),
            Map.entry(Cursor.class, Cursor.of("c", ChangeSource.stream(STREAM))),
            Map.entry(Duration.class, Duration.ZERO),
            Map.entry(Durability.class, Durability.POWER_LOSS),
            Map.entry(EventCodec.class, STREAM.codec()),
            Map.entry(EventStream.class, STREAM),
            Map.entry(Fold.class, FOLD),
            Map.entry(FoldState.class, new FoldState<>("", 0)),
            Map.entry(Freshness.class, Freshness.any()),
            Map.entry(Function.class, (Function<Object, Object>) a -> ""),
            Map.entry(Instant.class, Instant.EPOCH),
            Map.entry(InstantSource.class, InstantSource.system()),
            Map.entry(RetentionPolicy.class, RetentionPolicy.latest(1)),
            Map.entry(Key.class, KEY),
            Map.entry(Lease.class, LEASE),
            Map.entry(NewEvent.class, NewEvent.of("e")),
            Map.entry(Optional.class, Optional.empty()),
            Map.entry(OptionalInt.class, OptionalInt.of(1)),
            Map.entry(OptionalLong.class, OptionalLong.empty()),
            Map.entry(ExternalStep.Action.class, OUTSIDE.action()),
            Map.entry(ExternalStep.Probe.class, (ExternalStep.Probe<String, String>) context -> null),
            Map.entry(ExternalStep.Compensation.class, (ExternalStep.Compensation<String, String>)
                    (context, input, output) -> {}),
            Map.entry(Path.class, Path.of("a.db")),
            Map.entry(Position.class, new Position("0".repeat(32), 0)),
            Map.entry(Precondition.class, Precondition.none()),
            Map.entry(Prefix.class, Prefix.text("k")),
            Map.entry(RetryPolicy.class, RetryPolicy.never()),
            Map.entry(SagaDefinition.class, SAGA),
            Map.entry(SagaStep.class, OUTSIDE),
            Map.entry(SagaStep[].class, new SagaStep<?, ?>[] {OUTSIDE}),
            Map.entry(Set.class, Set.of()),
            Map.entry(ChangeSource.class, ChangeSource.stream(STREAM)),
            Map.entry(StoreConfig.class, StoreConfig.of(Path.of("a.db"))),
            Map.entry(StoreStep.Action.class, INSIDE.action()),
            Map.entry(
                    StoreStep.Compensation.class, (StoreStep.Compensation<String, String>) (tx, context, output) -> {}),
            Map.entry(Throwable.class, new Exception()),
            Map.entry(UnaryOperator.class, (UnaryOperator<Object>) a -> a),
            Map.entry(WriteBatch.class, WriteBatch.of()));

    /** Calls each public method of a type through an object, with null for each of its parameters in turn. */
    private void callAll(Class<?> type, Object target) {
        for (Method method : type.getMethods()) {
            boolean isOurs = method.getDeclaringClass().getName().startsWith("dev.fencepost");
            boolean isStatic = Modifier.isStatic(method.getModifiers());
            if (isOurs && ParameterNames.isPublic(method) && isStatic == (target == null) && !isOfObject(method)) {
                call(method, arguments -> method.invoke(target, arguments));
            }
        }
    }

    private static boolean isOfObject(Method method) {
        return method.getName().equals("equals") && method.getParameterCount() == 1;
    }

    private interface Call {
        Object with(Object... arguments) throws ReflectiveOperationException;
    }

    private void call(Executable executable, Call call) {
        executable.setAccessible(true);
        Class<?>[] types = executable.getParameterTypes();
        List<String> parameters = types.length == 0 ? List.of() : names.of(executable);
        for (int i = 0; i < types.length; i++) {
            if (types[i].isPrimitive()) {
                continue;
            }
            Object[] arguments = new Object[types.length];
            for (int other = 0; other < types.length; other++) {
                arguments[other] = other == i ? null : valid(types[other], parameters.get(other));
            }
            String name = parameters.get(i);
            try {
                if (call.with(arguments) instanceof AutoCloseable made) {
                    made.close();
                }
                wrong.add(executable + ": null is accepted for " + name);
            } catch (InvocationTargetException e) {
                check(executable, name, e.getCause());
            } catch (Exception e) {
                throw new AssertionError(executable.toString(), e);
            }
        }
    }

    private void check(Executable executable, String parameter, Throwable thrown) {
        // withClock(value) may name the clock.
        String setting = executable.getName().replaceFirst("^with", "");
        String message = "" + thrown.getMessage();
        boolean isNamed = message.contains("'" + parameter + "'")
                || message.toLowerCase(Locale.ROOT).contains("'" + setting.toLowerCase(Locale.ROOT) + "'");
        if (!(thrown instanceof InvalidInputException) || !isNamed) {
            wrong.add(executable + ": null for " + parameter + " gives " + thrown);
        }
    }

    @Test
    void storeTypes_getNull_nameTheParameter() {
        callAll(Store.class, store);
        callAll(Agent.class, agent);
        callAll(AsyncWriter.class, agent.async());
        callAll(History.class, store.history());
        callAll(ChangeFeed.class, agent.feed());
        callAll(Retention.class, agent.retention());
        try (Claim claim = agent.claim(KEY, LEASE).orThrow()) {
            callAll(Claim.class, claim);
            callAll(AsyncWriter.class, claim.async());
        }
        try (Snapshot snapshot = store.snapshot()) {
            callAll(Snapshot.class, snapshot);
        }
        try (ClaimedBatch<?> taken = agent.feed()
                .claimBatch(Cursor.of("c", ChangeSource.stream(STREAM)), Duration.ZERO)
                .orElseThrow()) {
            callAll(ClaimedBatch.class, taken);
        }
        agent.transact(tx -> {
            callAll(Transaction.class, tx);
            return 1;
        });
        assertThat(wrong).isEmpty();
        assertThat(store.claims()).isEmpty();
    }

    @Test
    void sagaTypes_getNull_nameTheParameter() {
        Sagas sagas = agent.sagas();
        callAll(Sagas.class, sagas);
        try (ManualSaga reported = sagas.startManual("reported", List.of("step"), LEASE)) {
            callAll(ManualSaga.class, reported);
        }
        sagas.run(
                SagaDefinition.<String>of("asks", 1, Codec.text()).step(ExternalStep.of("step", context -> {
                    callAll(StepContext.class, context);
                    return "";
                })),
                "asks",
                "");
        sagas.start(SagaDefinition.<String>of("offers", 1, Codec.text()).step(ROLE), "offers", "");
        try (StepTask work =
                sagas.claimTask("worker", LEASE, Duration.ofMinutes(1)).orElseThrow()) {
            callAll(StepTask.class, work);
            work.done("");
        }
        assertThat(sagas.await("offers", Duration.ofMinutes(1))).isPresent();
        assertThat(wrong).isEmpty();
    }

    @Test
    void inputs_getNull_nameTheParameter() {
        List<Object> made = List.of(
                Codec.text(),
                VALID.get(Cursor.class),
                STREAM.codec(),
                STREAM,
                FOLD,
                KEY,
                LEASE,
                OUTSIDE,
                INSIDE,
                ROLE,
                SAGA,
                Prefix.text("k"),
                RetryPolicy.never(),
                RetentionPolicy.latest(1),
                StoreConfig.of(Path.of("a.db")),
                WriteBatch.of(),
                Codec.json(Object.class));
        for (Object input : made) {
            callAll(input instanceof Codec ? Codec.class : input.getClass(), input);
        }
        for (Class<?> type : INPUTS) {
            callAll(type, null);
            for (Constructor<?> constructor : type.getConstructors()) {
                call(constructor, constructor::newInstance);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void collections_withNull_nameTheParameter() {
        List<NewEvent<String>> events = Arrays.asList(NewEvent.of("x"), null);
        List<Key<?>> keys = Arrays.asList(KEY, null);
        List<SagaDefinition<?>> definitions = Arrays.asList(SAGA, null);
        List<Runnable> calls = List.of(
                () -> agent.tryAppend(STREAM, events),
                () -> agent.tryAppendAfter(STREAM, 0, events),
                () -> WriteBatch.of().append(STREAM, events),
                () -> agent.claim(keys, LEASE, Duration.ZERO),
                () -> agent.sagas().recover(definitions),
                () -> agent.sagas().startManual("r", Arrays.asList("step", null), LEASE),
                () -> SAGA.parallel(INSIDE, null));
        for (Runnable call : calls) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageMatching("The argument '(events|keys|definitions|steps)'.*null.*");
        }
        assertThat(store.events(STREAM)).hasSize(1);
    }
}
