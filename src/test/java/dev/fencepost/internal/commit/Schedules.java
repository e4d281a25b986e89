package dev.fencepost.internal.commit;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.fencepost.internal.util.CoarseClock;
import dev.fencepost.internal.util.StackGuard;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** Schedules of threads for the model checker. */
public final class Schedules {
    private static final int ORDERS = Integer.getInteger("fencepost.schedules.orders", 100);

    private Schedules() {}

    /**
     * Returns options for random programs of so many threads, and for orders of their steps.
     *
     * @param each the number of operations of each thread
     */
    public static ModelCheckingOptions ofThreads(int threads, int each) {
        return options()
                .threads(threads)
                .actorsPerThread(each)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(Integer.getInteger("fencepost.schedules.programs", 10))
                .invocationsPerIteration(ORDERS);
    }

    /**
     * Returns options for one program, and for ten times as many orders of its steps.
     *
     * @param before the operations that one thread runs first
     * @param threads the operations of each thread
     * @param after the operations that one thread runs last
     */
    public static ModelCheckingOptions of(List<Actor> before, List<List<Actor>> threads, List<Actor> after) {
        return options()
                .addCustomScenario(new ExecutionScenario(before, threads, after, null))
                .iterations(0)
                .invocationsPerIteration(10 * ORDERS);
    }

    /** Returns one operation of such a program. */
    public static Actor operation(Class<?> type, String name, Object... arguments) {
        Method method = Stream.of(type.getMethods())
                .filter(found -> found.getName().equals(name))
                .findAny()
                .orElseThrow();
        return new Actor(method, List.of(arguments));
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .minimizeFailedScenario(false)
                // It uses the stack only, which no other thread sees.
                .addGuarantee(
                        forClasses(StackGuard.class.getName()).allMethods().ignore())
                // The file stays in its place. The ticks of a clock would make runs differ.
                .addGuarantee(
                        forClasses(CoarseClock.class.getName()).allMethods().ignore());
    }
}
