package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text form of a position, and the bounds of a freshness. */
class PositionTest {
    private static final String STORE = "0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 17, 999_999_999_999_999_999L})
    void text_isParsedAgain(long sequence) {
        Position position = new Position(STORE, sequence);
        assertThat(position.text()).isEqualTo("fps-" + STORE + "-" + sequence).isEqualTo("" + position);
        assertThat(Position.parse(position.text())).isEqualTo(position);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fps",
                "fps-" + STORE,
                "fps-" + STORE + "-",
                "fps-" + STORE + "--1",
                "fps-" + STORE + "-01",
                "fps-" + STORE + "-1000000000000000000",
                "fps-" + STORE + "-1 ",
                "fps-" + STORE + "0-1",
                "fps-0123456789ABCDEF0123456789ABCDEF-1",
                "fpc-" + STORE + "-1-0123456789abcdef"
            })
    void foreignText_isRefused(String text) {
        assertThatThrownBy(() -> Position.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("'" + text + "'", "fps-STORE-SEQUENCE");
    }

    @Test
    void longText_inTheMessage_isShortened() {
        assertThatThrownBy(() -> Position.parse("x".repeat(1_000)))
                .isInstanceOf(InvalidInputException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250));
    }

    @Test
    void position_withInvalidSequenceOrStore_isRefused() {
        for (long sequence : new long[] {-1, Long.MIN_VALUE, 1_000_000_000_000_000_000L}) {
            assertThatThrownBy(() -> new Position(STORE, sequence))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll("" + sequence, "from 0 to 999999999999999999");
        }
        assertThatThrownBy(() -> new Position("agents.db", 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("'agents.db'", "Store.id()");
    }

    @Test
    void maxStaleness_hasBounds() {
        for (Duration age :
                new Duration[] {Duration.ofNanos(-1), Duration.ofDays(365).plusNanos(1)}) {
            assertThatThrownBy(() -> Freshness.maxStaleness(age))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll("" + age, "from zero to 365 days");
        }
        assertThat(Freshness.maxStaleness(Duration.ZERO)).isEqualTo(Freshness.maxStaleness(Duration.ZERO));
        assertThat(Freshness.maxStaleness(Duration.ofDays(365))).isNotEqualTo(Freshness.any());
    }
}
