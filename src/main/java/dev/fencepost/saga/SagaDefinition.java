package dev.fencepost.saga;

import dev.fencepost.Codec;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A saga's steps in order, each with its compensation. Change the version whenever the steps change: a saga continues
 * under the version that it began with. Immutable; every method returns a new definition.
 *
 * @param <I> the type of the input
 * @param name the name, up to 200 bytes of UTF-8 without control characters
 * @param version the version, from 1
 * @param groups the steps; those of one group may run at the same time
 * @param pivots the names of the steps after which the saga no longer rolls back
 * @param timeout the longest time from the beginning of the saga; a saga that is then neither completed nor past its
 *     pivot rolls back
 * @param claimedKeys the keys that the saga claims, together with its own, while it has a coordinator
 * @param lease the lease of the coordinator's claim; renewed with every entry in the journal
 */
public record SagaDefinition<I>(
        String name,
        int version,
        Codec<I> codec,
        List<List<SagaStep<I, ?>>> groups,
        Set<String> pivots,
        Optional<Duration> timeout,
        Function<I, List<Key<?>>> claimedKeys,
        Lease lease) {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofDays(3_650);

    /**
     * Creates a definition with all its settings.
     *
     * @throws InvalidInputException if two steps have one name, the version is under 1, or the timeout is
     *     out of bounds; also if a pivot is not a step, or is to be compensated when in doubt
     */
    public SagaDefinition {
        Arguments.required(codec, "codec");
        Arguments.required(timeout, "timeout");
        Arguments.required(claimedKeys, "claimedKeys");
        Arguments.required(lease, "lease");
        Names.checkSaga("The name of a definition", name);
        if (version < 1) {
            throw new InvalidInputException(
                    "The version of the definition '" + name + "' is " + version + "; it must be at least 1");
        }
        groups = Arguments.requiredAll(groups, "groups").stream()
                .map(group -> List.copyOf(Arguments.requiredAll(group, "groups")))
                .toList();
        pivots = Set.copyOf(Arguments.requiredAll(pivots, "pivots"));
        if (timeout.filter(longest -> longest.isNegative() || longest.compareTo(LONGEST) > 0)
                .isPresent()) {
            throw new InvalidInputException("The definition '" + name + "' has a timeout of " + timeout.get()
                    + "; it must be from zero to " + LONGEST.toDays() + " days");
        }
        Set<String> names = new HashSet<>();
        for (SagaStep<I, ?> step : groups.stream().flatMap(List::stream).toList()) {
            if (pivots.contains(step.name()) && step.compensatesUnknown()) {
                throw new InvalidInputException("The pivot '" + step.name() + "' of the definition '" + name
                        + "' compensates an unknown outcome, but no step is compensated after a pivot. Give the pivot"
                        + " a probe or make it idempotent");
            }
            if (!names.add(step.name())) {
                throw new InvalidInputException("The definition '" + name + "' has two steps named '" + step.name()
                        + "'; give each a different name");
            }
        }
        if (!names.containsAll(pivots)) {
            throw new InvalidInputException(
                    "The definition '" + name + "' has the pivots " + pivots + ", but not all of them are its steps");
        }
    }

    /** Creates a definition without steps. */
    public static <I> SagaDefinition<I> of(String name, int version, Codec<I> input) {
        Arguments.required(input, "input");
        return new SagaDefinition<>(
                name, version, input, List.of(), Set.of(), Optional.empty(), any -> List.of(), Lease.of(LEASE));
    }

    /** Returns this definition with a step appended. */
    public SagaDefinition<I> step(SagaStep<I, ?> next) {
        Arguments.required(next, "next");
        return with(List.of(next), pivots);
    }

    /** Returns this definition with a group of steps appended that may run at the same time. */
    @SafeVarargs
    public final SagaDefinition<I> parallel(SagaStep<I, ?>... steps) {
        Arguments.required(steps, "steps");
        List<SagaStep<I, ?>> group = new ArrayList<>();
        for (SagaStep<I, ?> step : steps) {
            group.add(Arguments.required(step, "steps"));
        }
        return with(group, pivots);
    }

    /**
     * Returns this definition with a pivot appended. After the pivot no step is compensated; the steps that follow are
     * retried until they are done.
     */
    public SagaDefinition<I> pivot(SagaStep<I, ?> next) {
        Arguments.required(next, "next");
        Set<String> more = new HashSet<>(pivots);
        more.add(next.name());
        return with(List.of(next), more);
    }

    private SagaDefinition<I> with(List<SagaStep<I, ?>> group, Set<String> pivotal) {
        List<List<SagaStep<I, ?>>> more = new ArrayList<>(groups);
        more.add(group);
        return new SagaDefinition<>(name, version, codec, more, pivotal, timeout, claimedKeys, lease);
    }

    /** Returns this definition with a timeout, after which the saga rolls back. A saga past its pivot does not. */
    public SagaDefinition<I> timeout(Duration longest) {
        Arguments.required(longest, "longest");
        return new SagaDefinition<>(name, version, codec, groups, pivots, Optional.of(longest), claimedKeys, lease);
    }

    /**
     * Returns this definition with keys that are claimed across its steps, so that other agents see the holder. When
     * the coordinator dies, the keys are free until another coordinator takes the saga over. That coordinator claims
     * all of them or waits.
     */
    public SagaDefinition<I> claiming(Function<I, List<Key<?>>> keys) {
        Arguments.required(keys, "keys");
        return new SagaDefinition<>(name, version, codec, groups, pivots, timeout, keys, lease);
    }

    /**
     * Returns this definition with the lease of the coordinator's claim. A step must end within the longest hold of the
     * lease.
     */
    public SagaDefinition<I> lease(Lease claim) {
        Arguments.required(claim, "claim");
        return new SagaDefinition<>(name, version, codec, groups, pivots, timeout, claimedKeys, claim);
    }

    /** Returns all steps, in order. */
    public List<SagaStep<I, ?>> steps() {
        return groups.stream().flatMap(List::stream).toList();
    }
}
