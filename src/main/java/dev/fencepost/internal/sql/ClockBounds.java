package dev.fencepost.internal.sql;

import dev.fencepost.StorageException;
import java.time.DateTimeException;
import java.time.Instant;

/** The range of times that a store accepts: the years 1970 to 9999. */
public final class ClockBounds {
    private static final long LAST_MILLIS = 253_402_300_799_999L;

    private ClockBounds() {}

    /**
     * Returns a time that a clock shows, in milliseconds since 1970.
     *
     * @throws StorageException if the time is out of the range
     */
    public static long verify(long millis) {
        if (millis < 0 || millis > LAST_MILLIS) {
            throw new StorageException(
                    "The clock of this process shows " + Instant.ofEpochMilli(millis) + "; a store accepts times from"
                            + " 1970 to 9999. Nothing was written. Set the clock and retry",
                    new DateTimeException("milliseconds since 1970: " + millis));
        }
        return millis;
    }
}
