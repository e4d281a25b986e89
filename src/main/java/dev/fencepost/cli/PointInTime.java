package dev.fencepost.cli;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** A point in the past, as people type it: a sequence, a time or an age. */
sealed interface PointInTime {
    Pattern SEQUENCE = Pattern.compile("[0-9]{1,18}");
    Pattern AGO = Pattern.compile(" +ago$");

    /** The point just after a commit. */
    record Place(long sequence) implements PointInTime {
        @Override
        public Snapshot open(Store store, InstantSource clock) {
            return store.snapshotAt(sequence);
        }
    }

    /** A time, by the clocks of the writing processes. */
    record Time(Instant instant) implements PointInTime {
        @Override
        public Snapshot open(Store store, InstantSource clock) {
            if (instant.isAfter(clock.instant())) {
                throw new InvalidInputException("The time " + instant + " is in the future; use a time in the past");
            }
            return store.snapshotAt(instant);
        }
    }

    /** An age, counted back from now. */
    record Ago(Duration age) implements PointInTime {
        @Override
        public Snapshot open(Store store, InstantSource clock) {
            try {
                return new Time(clock.instant().minus(age)).open(store, clock);
            } catch (DateTimeException | ArithmeticException e) {
                throw new InvalidInputException(
                        "The age " + age + " reaches back before the earliest time; use a shorter age");
            }
        }
    }

    /** Opens a snapshot of the store as of this point. */
    Snapshot open(Store store, InstantSource clock);

    /**
     * Parses a point in time.
     *
     * @param zone the time zone of a time that does not name its own
     * @throws TypeConversionException if the text is neither a sequence, nor a time, nor an age
     */
    static PointInTime of(String text, ZoneId zone) {
        if (SEQUENCE.matcher(text).matches()) {
            return new Place(Long.parseLong(text));
        }
        return time(text, zone)
                .<PointInTime>map(Time::new)
                .or(() -> age(text).map(Ago::new))
                .orElseThrow(() -> new TypeConversionException("'" + text
                        + "' is not a sequence number, a time or an age; write for example 1042, 2026-11-21T10:00:00Z"
                        + " or 2h"));
    }

    private static Optional<Instant> time(String text, ZoneId zone) {
        try {
            TemporalAccessor parsed = text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay()
                    : DateTimeFormatter.ISO_DATE_TIME.parseBest(text, ZonedDateTime::from, LocalDateTime::from);
            return Optional.of(
                    parsed instanceof LocalDateTime local ? local.atZone(zone).toInstant() : Instant.from(parsed));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> age(String text) {
        try {
            return Optional.of(new Durations().convert(AGO.matcher(text).replaceFirst("")));
        } catch (TypeConversionException e) {
            return Optional.empty();
        }
    }
}
