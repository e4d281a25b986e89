package dev.fencepost.internal.sql;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A factory of errors for content that no version of this library writes. The file is damaged, or another program wrote
 * to it.
 */
public final class Corruption {
    private Corruption() {}

    /**
     * Creates the error for damaged content.
     *
     * @param what the violation, as a sentence without a full stop
     */
    public static UnusableStoreException found(String what) {
        return found(what, null);
    }

    /** Creates the error for a row with content that no version of this library writes. */
    static UnusableStoreException unreadable(RuntimeException e) {
        return found("a row has an impossible value (" + e.getMessage() + ")", e);
    }

    private static UnusableStoreException found(String what, @Nullable Throwable cause) {
        return new UnusableStoreException(
                Reason.DAMAGED, "The file is damaged: " + what + ". Keep a copy, and restore a backup", cause);
    }
}
