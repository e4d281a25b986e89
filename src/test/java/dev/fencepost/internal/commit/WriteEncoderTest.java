package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch.Kind;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The encoding of writes, and refusals before any access to the file. */
class WriteEncoderTest {
    private static final Key<String> KEY = Key.text("k");
    private static final EventStream<String> LOG = EventStream.text("log");

    private final WriteEncoder writing =
            new WriteEncoder(StoreConfig.of(Path.of("a.db")).withMaxKeyBytes(4).withMaxValueBytes(6));

    private static void assertRefused(ThrowingCallable call, String... why) {
        assertThatThrownBy(call).isInstanceOf(InvalidInputException.class).hasMessageContainingAll(why);
    }

    private CommitRequest.EncodedAppend<String> append(long expected, String body) {
        return writing.append(LOG, OptionalLong.of(expected), List.of(new NewEvent<>("e1", body)));
    }

    @Test
    void aKey_mayBeAsLongAsTheLimit_andNoLonger() {
        writing.checkKey(Key.text("\u00e4\u00e4"));
        assertRefused(() -> writing.checkKey(Key.text("\u00e4\u00e4x")), "has 5 bytes", "is 4");
        assertRefused(() -> writing.put(Key.text("12345"), "v", Precondition.none()), "has 5 bytes");
        assertRefused(() -> writing.delete(Key.text("12345"), Precondition.none()), "has 5 bytes");
    }

    @Test
    void aValue_mayBeAsLongAsTheLimit_andNoLonger() {
        assertThat(writing.put(KEY, "123456", Precondition.none()).text()).contains("123456");
        assertRefused(
                () -> writing.put(KEY, "1234567", Precondition.none()),
                "The value of 'k' has 7 bytes",
                "the maximum is 6");
        assertRefused(() -> writing.put(KEY, "v", Precondition.ifValue("1234567")), "has 7 bytes");
    }

    @Test
    void anEvent_mayBeAsLongAsTheLimit_andNoLonger() {
        assertThat(append(0, "123456").facts())
                .containsExactly(
                        new CommitRequest.EncodedEvent("e1", LOG.codec().schemaVersion(), "123456"));
        assertRefused(() -> append(0, "1234567"), "The event 'e1' for 'log' has 7 bytes");
    }

    @Test
    void expectedEnd_ofStream_isAbsentOrNotNegative() {
        assertThat(append(0, "x").expected()).hasValue(0);
        assertThat(writing.append(LOG, OptionalLong.empty(), List.of()).expected())
                .isEmpty();
        assertRefused(() -> append(-1, "x"), "number -1");
    }

    @Test
    void deletion_withoutPrecondition_requiresPresence() {
        CommitRequest.EncodedWrite<String> blind = writing.delete(KEY, Precondition.none());
        assertThat(blind.kind()).isEqualTo(Kind.DELETE);
        assertThat(blind.text()).isEmpty();
        assertThat(blind.skipAbsent()).isFalse();
        assertThat(blind.precondition()).isEqualTo(Precondition.ifPresent());
        assertThat(writing.delete(KEY, Precondition.ifVersion(3)).precondition())
                .isEqualTo(Precondition.ifVersion(3));
        assertRefused(() -> writing.delete(KEY, Precondition.ifAbsent()), "requires that the key is absent");
    }

    @Test
    void ifValue_isComparedAsText() {
        assertThat(writing.put(KEY, "new", Precondition.ifValue("old")).expectedText())
                .contains("old");
        assertThat(writing.put(KEY, "new", Precondition.ifVersion(1)).expectedText())
                .isEmpty();
    }
}
