package dev.fencepost.verification.linearizability;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks that the operations on each key are linearizable as a single register. The search of Wing and Gong tries any
 * operation that began before all remaining operations have ended, and backtracks if none fits. Lowe's memory of
 * visited states limits it. An unanswered operation may take effect at any time after it began, or never.
 */
final class RegisterChecker {
    /** An operation on this key. */
    record Step(Operation operation, Access access) {
        boolean mustBe() {
            return operation.outcome() != Operation.Outcome.UNKNOWN;
        }

        /** Tells whether the step is possible in this state. */
        boolean fits(long version, String value) {
            if (access.sees()
                    && (!access.seen().equals(value)
                            || (access.seenVersion() != Access.UNKNOWN && access.seenVersion() != version))) {
                return false;
            }
            boolean holds = access.holds(version, value);
            if (operation.outcome() == Operation.Outcome.REFUSED) {
                // If the refusal is due to this key, the precondition must not hold.
                return access.demand().equals(Access.ANYTHING) || !holds;
            }
            return holds && (!changes() || access.version() == Access.UNKNOWN || access.version() == version + 1);
        }

        boolean changes() {
            return access.writes() && operation.canHaveWritten();
        }
    }

    /** The set of ordered operations, with the state after them. */
    private record Tried(long[] done, long version, String value) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Tried tried
                    && version == tried.version
                    && value.equals(tried.value)
                    && Arrays.equals(done, tried.done);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(done) + Long.hashCode(version);
        }
    }

    private static final int NONE = -1;

    private final String key;
    private final List<Step> steps;
    // Each step has two events, its call 2i and its return 2i + 1, linked in the order of time. The first event
    // precedes all.
    private final int first;
    private final int[] next;
    private final int[] previous;
    private final long[] done;
    private final long[] versions;
    private final String[] values;
    private final int[] order;
    private int depth;
    private int deepest = NONE;
    private String stuck = "";

    private RegisterChecker(String key, List<Step> steps) {
        this.key = key;
        this.steps = steps;
        int size = steps.size();
        first = 2 * size;
        next = new int[2 * size + 1];
        previous = new int[2 * size + 1];
        done = new long[size / 64 + 1];
        versions = new long[size + 1];
        values = new String[size + 1];
        values[0] = Access.ABSENT;
        order = new int[size];
        chain();
    }

    /** Returns the operations that no order explains, key by key. */
    static List<String> check(List<Operation> operations) {
        Map<String, List<Step>> byKey = new TreeMap<>();
        for (Operation operation : operations) {
            for (Access access : operation.accesses()) {
                if (tells(operation, access)) {
                    byKey.computeIfAbsent(access.key(), key -> new ArrayList<>())
                            .add(new Step(operation, access));
                }
            }
        }
        List<String> wrong = new ArrayList<>();
        byKey.forEach((key, steps) -> new RegisterChecker(key, steps).search().ifPresent(wrong::add));
        return wrong;
    }

    private static boolean tells(Operation operation, Access access) {
        return access.sees()
                || (operation.canHaveWritten() && access.writes())
                || (operation.isDone() && !access.demand().equals(Access.ANYTHING));
    }

    private void chain() {
        List<Integer> events = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            events.add(2 * i);
            if (steps.get(i).mustBe()) {
                events.add(2 * i + 1);
            }
        }
        // A call precedes a return at the same time, because both may be concurrent.
        events.sort((a, b) -> time(a) != time(b) ? Long.compare(time(a), time(b)) : Integer.compare(a & 1, b & 1));
        int last = first;
        for (int event : events) {
            next[last] = event;
            previous[event] = last;
            last = event;
        }
        next[last] = NONE;
    }

    private long time(int event) {
        Operation operation = steps.get(event / 2).operation();
        return event % 2 == 0 ? operation.began() : operation.ended();
    }

    private Optional<String> search() {
        Set<Tried> tried = new HashSet<>();
        int left = (int) steps.stream().filter(Step::mustBe).count();
        int event = next[first];
        while (left > 0) {
            if (event != NONE && event % 2 == 0) {
                Step step = steps.get(event / 2);
                if (step.fits(versions[depth], values[depth]) && tried.add(with(event / 2, step))) {
                    take(event / 2, step);
                    left -= step.mustBe() ? 1 : 0;
                    event = next[first];
                } else {
                    event = next[event];
                }
                continue;
            }
            noteStuck(event);
            if (depth == 0) {
                return Optional.of(stuck);
            }
            int last = order[depth - 1];
            left += steps.get(last).mustBe() ? 1 : 0;
            giveBack(last);
            event = next[2 * last];
        }
        return Optional.empty();
    }

    private Tried with(int index, Step step) {
        long[] copy = done.clone();
        copy[index / 64] |= 1L << (index % 64);
        return new Tried(copy, versionAfter(step), valueAfter(step));
    }

    private long versionAfter(Step step) {
        return versions[depth] + (step.changes() ? 1 : 0);
    }

    private String valueAfter(Step step) {
        return step.changes() ? step.access().written() : values[depth];
    }

    private void take(int index, Step step) {
        versions[depth + 1] = versionAfter(step);
        values[depth + 1] = valueAfter(step);
        order[depth++] = index;
        done[index / 64] |= 1L << (index % 64);
        unlink(2 * index);
        if (step.mustBe()) {
            unlink(2 * index + 1);
        }
    }

    private void giveBack(int index) {
        if (steps.get(index).mustBe()) {
            link(2 * index + 1);
        }
        link(2 * index);
        done[index / 64] &= ~(1L << (index % 64));
        depth--;
    }

    private void unlink(int event) {
        next[previous[event]] = next[event];
        if (next[event] != NONE) {
            previous[next[event]] = previous[event];
        }
    }

    private void link(int event) {
        next[previous[event]] = event;
        if (next[event] != NONE) {
            previous[next[event]] = event;
        }
    }

    private void noteStuck(int event) {
        if (depth > deepest && event != NONE) {
            deepest = depth;
            stuck = "key " + key + " is no linearizable register: after " + depth + " of " + steps.size()
                    + " operations, with version " + versions[depth] + " = " + values[depth] + ", which "
                    + (depth == 0
                            ? "was there before all"
                            : "follows "
                                    + steps.get(order[depth - 1]).operation().words())
                    + ", nothing fits before the end of "
                    + steps.get(event / 2).operation().words();
        }
    }
}
