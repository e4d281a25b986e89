package dev.fencepost.verification.linearizability;

import dev.fencepost.verification.linearizability.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Simulated operations of several workers on a correct register. Each takes effect at some time between its call and
 * its return.
 */
final class SimulatedHistory {
    private static final String KEY = "x";

    private final Random random;
    private final long[] free;
    private long version;
    private String value = Access.ABSENT;

    SimulatedHistory(Random random, int workers) {
        this.random = random;
        this.free = new long[workers];
    }

    /** Returns operations in the order in which they take effect. */
    List<Operation> operations(int count) {
        List<Operation> operations = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            long moment = 100L * (index + 1);
            int worker = random.nextInt(free.length);
            long began = Math.max(free[worker] + 1, moment - random.nextInt(1_000));
            if (began > moment) {
                continue;
            }
            long ended = moment + random.nextInt(1_000);
            free[worker] = ended;
            boolean unknown = random.nextInt(50) == 0;
            Access access = act(worker, index);
            operations.add(new Operation(
                    worker,
                    index,
                    "did",
                    began,
                    unknown ? Operation.NEVER : ended,
                    unknown ? Outcome.UNKNOWN : Outcome.DONE,
                    Map.of(),
                    List.of(unknown ? Access.write(KEY, access.demand(), access.written()) : access),
                    "-"));
        }
        return operations;
    }

    private Access act(int worker, int index) {
        int die = random.nextInt(10);
        if (die < 5) {
            return value.equals(Access.ABSENT) ? Access.absent(KEY) : Access.read(KEY, version, value);
        }
        String demand = die < 7 ? Access.ANYTHING : value.equals(Access.ABSENT) ? "0" : "v" + version;
        value = die == 9 && !value.equals(Access.ABSENT) ? Access.ABSENT : Operation.value(worker, index, 0);
        version++;
        return Access.write(KEY, demand, value).became(version);
    }

    /** Returns the operations with one read replaced by a stale one. */
    static List<Operation> withStaleRead(List<Operation> operations, int index) {
        List<Operation> changed = new ArrayList<>(operations);
        Operation was = operations.get(index);
        Access old = operations.stream()
                .filter(Operation::isDone)
                .map(operation -> operation.accesses().get(0))
                .filter(access -> access.seenVersion() > 0)
                .findFirst()
                .orElseThrow();
        changed.set(
                index,
                new Operation(
                        was.worker(),
                        was.index(),
                        was.kind(),
                        was.began(),
                        was.ended(),
                        was.outcome(),
                        was.epochs(),
                        List.of(old),
                        was.note()));
        return changed;
    }
}
