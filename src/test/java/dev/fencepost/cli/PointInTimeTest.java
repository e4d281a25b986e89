package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Points in time as people type them. */
class PointInTimeTest {
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");

    @Test
    void digits_areASequence() {
        assertThat(PointInTime.of("0", TOKYO)).isEqualTo(new PointInTime.Place(0));
        assertThat(PointInTime.of("20261121", TOKYO)).isEqualTo(new PointInTime.Place(20261121));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T10:00:00Z, 2026-11-21T10:00:00Z",
        "2026-11-21T10:00:00.123Z, 2026-11-21T10:00:00.123Z",
        "2026-11-21T10:00Z, 2026-11-21T10:00:00Z",
        "2026-11-21T10:00:00+02:00, 2026-11-21T08:00:00Z",
        "2026-11-21T10:00, 2026-11-21T01:00:00Z",
        "2026-11-21T10:00:30, 2026-11-21T01:00:30Z",
        "2026-11-21, 2026-11-20T15:00:00Z",
    })
    void times_withoutAnOffset_areThoseOfTheZone(String text, String instant) {
        assertThat(PointInTime.of(text, TOKYO)).isEqualTo(new PointInTime.Time(Instant.parse(instant)));
    }

    @ParameterizedTest
    @CsvSource({"2h, PT2H", "2h ago, PT2H", "90s, PT90S", "30d, PT720H", "PT1H30M, PT1H30M", "P2D, PT48H"})
    void ages(String text, String age) {
        assertThat(PointInTime.of(text, TOKYO)).isEqualTo(new PointInTime.Ago(Duration.parse(age)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "2026-13-01", "2026-02-30", "10:00", "2026-11-21T25:00Z", "2 h"})
    void otherText_isRefused(String text) {
        assertThatThrownBy(() -> PointInTime.of(text, TOKYO))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("2026-11-21T10:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({"PT720H, 30d", "PT2H, 2h", "PT90M, 90m", "PT1.5S, 1500ms", "PT0S, PT0S", "PT0.0000001S, PT0.0000001S"})
    void durations_areReadAndPrintedInShortForm(String duration, String text) {
        assertThat(Durations.text(Duration.parse(duration))).isEqualTo(text);
        assertThat(new Durations().convert(text)).isEqualTo(Duration.parse(duration));
    }
}
