package dev.fencepost.event;

import dev.fencepost.InvalidInputException;
import dev.fencepost.internal.util.Arguments;
import java.util.OptionalInt;

/**
 * Settings of a subscription: the treatment of a change whose handler fails again and again. Immutable; each
 * {@code with} method returns a changed copy.
 *
 * <p>Without a limit on attempts, a change that fails is tried until it succeeds, and the changes after it wait. With a
 * limit, the change becomes a {@link DeadLetter} after its last attempt, in the same commit as the cursor's move. The
 * subscription goes on with the next change. Failures of the store itself, such as a busy file or a full disk, do not
 * count as attempts. The death of the process does not either.
 *
 * @param maxAttempts the number of failed attempts after which a change is parked, 1 to 10,000; empty for no limit
 * @param maxDeadLetters the largest number of dead letters of the cursor, 1 to 10,000. When it is reached, a change
 *     that fails is tried until it succeeds, or until dead letters are taken or discarded
 */
public record SubscriptionOptions(OptionalInt maxAttempts, int maxDeadLetters) {
    private static final int MAX = 10_000;
    private static final int DEFAULT_DEAD_LETTERS = 1_000;

    /**
     * Creates settings.
     *
     * @throws InvalidInputException if a number is out of its bounds
     */
    public SubscriptionOptions {
        Arguments.required(maxAttempts, "maxAttempts");
        if (maxAttempts.isPresent() && (maxAttempts.getAsInt() < 1 || maxAttempts.getAsInt() > MAX)) {
            throw new InvalidInputException(
                    "maxAttempts is " + maxAttempts.getAsInt() + "; it must be from 1 to " + MAX);
        }
        if (maxDeadLetters < 1 || maxDeadLetters > MAX) {
            throw new InvalidInputException("maxDeadLetters is " + maxDeadLetters + "; it must be from 1 to " + MAX);
        }
    }

    /** Returns the default: each change is tried until it succeeds. */
    public static SubscriptionOptions standard() {
        return new SubscriptionOptions(OptionalInt.empty(), DEFAULT_DEAD_LETTERS);
    }

    /** Returns a copy that parks a change after this number of failed attempts. */
    public SubscriptionOptions withMaxAttempts(int attempts) {
        return new SubscriptionOptions(OptionalInt.of(attempts), maxDeadLetters);
    }

    /** Returns a copy that parks at most this number of changes. Default: 1,000. */
    public SubscriptionOptions withMaxDeadLetters(int letters) {
        return new SubscriptionOptions(maxAttempts, letters);
    }
}
