package dev.fencepost.internal.event;

import dev.fencepost.FencedException;
import dev.fencepost.LostHistoryException;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.StorageException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.WriteLockTimeoutException;

/** Distinguishes failures of the store from failures that a change may cause. */
final class Failure {
    private static final int MAX_REASON = 4_000;

    private Failure() {}

    /** Returns whether the store failed, rather than the function that a change was handed to. */
    static boolean isOfStore(Throwable e) {
        return e instanceof FencedException
                || e instanceof LostHistoryException
                || e instanceof OutcomeUnknownException
                || e instanceof WriteLockTimeoutException
                || e instanceof StoreClosedException
                || e instanceof StorageException
                || e instanceof UnusableStoreException;
    }

    /**
     * Returns the text that a dead letter has of a failure: its type and message, without characters that the file
     * refuses.
     */
    static String reason(Throwable e) {
        StringBuilder text = new StringBuilder();
        e.toString()
                .codePoints()
                .limit(MAX_REASON)
                .map(point -> point == 0 || Character.getType(point) == Character.SURROGATE ? '?' : point)
                .forEach(text::appendCodePoint);
        return text.toString();
    }
}
