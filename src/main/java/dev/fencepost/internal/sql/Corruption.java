package dev.fencepost.internal.sql;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import org.jspecify.annotations.Nullable;

/** What stands in a file that no version of this library writes: it was damaged, or somebody else has written it. */
public final class Corruption {
    private Corruption() {}

    /**
     * The error for it.
     *
     * @param what is not as it must be; a sentence without its end
     */
    public static UnusableStoreException found(String what) {
        return found(what, null);
    }

    static UnusableStoreException found(String what, @Nullable Throwable cause) {
        return new UnusableStoreException(
                Reason.DAMAGED, "The file is damaged: " + what + ". Keep a copy, and restore a backup", cause);
    }
}
