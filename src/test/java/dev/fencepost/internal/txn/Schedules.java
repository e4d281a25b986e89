package dev.fencepost.internal.txn;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** How orders of threads are tried one after the other. */
final class Schedules {
    private Schedules() {}

    /**
     * Random programs of so many threads, and orders of their steps.
     *
     * @param each how many operations each thread does
     */
    static ModelCheckingOptions ofThreads(int threads, int each) {
        return new ModelCheckingOptions()
                .threads(threads)
                .actorsPerThread(each)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(Integer.getInteger("fencepost.schedules.programs", 10))
                .invocationsPerIteration(Integer.getInteger("fencepost.schedules.orders", 100))
                .minimizeFailedScenario(false)
                // It only uses up the stack, and nobody else sees that.
                .addGuarantee(forClasses(Headroom.class.getName()).allMethods().ignore())
                // The file stays in its place; the ticks of a clock would make runs differ.
                .addGuarantee(
                        forClasses(CoarseTick.class.getName()).allMethods().ignore());
    }
}
