package dev.fencepost.internal.saga;

import dev.fencepost.FencepostException;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.StorageException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.saga.StepFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns exceptions of steps into messages for the journal and the log. */
final class FailureMessages {
    private static final Logger LOG = LoggerFactory.getLogger(FailureMessages.class);
    private static final int MAX_CODE_POINTS = 4_000;

    private FailureMessages() {}

    /**
     * Returns a message that the journal can store: without the null character and surrogates, and with at most 4,000
     * code points. An error is named by its class.
     */
    static String message(@Nullable Throwable e) {
        if (e == null) {
            return "";
        }
        String name = e.getClass().getSimpleName();
        String message =
                e.getMessage() == null ? name : e instanceof Error ? name + ": " + e.getMessage() : e.getMessage();
        return storable(message);
    }

    /** Returns the part of a message that the journal can store. */
    static String storable(String message) {
        StringBuilder kept = new StringBuilder();
        message.codePoints()
                .filter(c -> c != 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE))
                .limit(MAX_CODE_POINTS)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /**
     * Logs the exception of a step's function. A failure that the step itself reports needs no operator, so it is no
     * warning.
     */
    static void log(DefaultStepContext<?> context, Throwable e) {
        String attempt = (context.isCompensation() ? "Compensation of the step '" : "Step '") + context.step()
                + "' of the saga '" + context.saga() + "' failed in attempt " + context.attempt();
        if (e instanceof StepFailedException) {
            LOG.info("{}: {}", attempt, e.getMessage());
        } else {
            LOG.warn(attempt, e);
        }
    }

    /** Returns whether an exception concerns the step, and not the store, the saga or this thread. */
    static boolean isOfTheStep(RuntimeException e) {
        return !(e instanceof SagaHaltedSignal
                || e instanceof OutcomeUnknownException
                || e instanceof StoreClosedException
                || e instanceof StorageException
                || e instanceof WriteLockTimeoutException
                || e instanceof UnusableStoreException
                || e instanceof WaitInterruptedException);
    }

    /**
     * Returns a signal that carries the exception of a store step's function out of its transaction, so that nothing is
     * committed. Throws an exception of the store itself unchanged.
     */
    static StepFailedSignal signal(Throwable e) {
        if (e instanceof FencepostException ofTheStore) {
            throw ofTheStore;
        } else if (e instanceof SagaHaltedSignal halted) {
            throw halted;
        }
        return new StepFailedSignal(e);
    }

    /** Returns whether a step's function is broken: it threw an error, or its result cannot be stored. */
    static boolean isBroken(Throwable e) {
        return e instanceof Error || e instanceof Unusable;
    }

    /** The exception for a step that returned a result that cannot be stored. Never leaves this package. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(RuntimeException cause) {
            super(FailureMessages.message(cause), cause, false, false);
        }
    }
}
