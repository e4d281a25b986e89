package dev.fencepost.internal.commit;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.fencepost.internal.read.CoarseClock;
import dev.fencepost.internal.util.StackGuard;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** How orders of threads are tried one after the other. */
public final class Schedules {
    private static final int ORDERS = Integer.getInteger("fencepost.schedules.orders", 100);

    private Schedules() {}

    /**
     * Random programs of so many threads, and orders of their steps.
     *
     * @param each how many operations each thread does
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
     * One program, and ten times as many orders of its steps.
     *
     * @param before what is done first, by one thread
     * @param threads what each thread does
     * @param after what is done last, by one thread
     */
    public static ModelCheckingOptions of(List<Actor> before, List<List<Actor>> threads, List<Actor> after) {
        return options()
                .addCustomScenario(new ExecutionScenario(before, threads, after, null))
                .iterations(0)
                .invocationsPerIteration(10 * ORDERS);
    }

    /** One operation of such a program. */
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
                // It only uses up the stack, and nobody else sees that.
                .addGuarantee(
                        forClasses(StackGuard.class.getName()).allMethods().ignore())
                // The file stays in its place; the ticks of a clock would make runs differ.
                .addGuarantee(
                        forClasses(CoarseClock.class.getName()).allMethods().ignore());
    }
}
