package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.NewEvent;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Null from functions and codecs of the caller: refused with a typed error. */
class NullResultsTest {
    /** A text codec that turns one value and one text into null. */
    private enum NullCodec implements Codec<String> {
        INSTANCE;

        @Override
        public String encode(String value) {
            return value.equals("null") ? null : value;
        }

        @Override
        public String decode(String text) {
            return text.equals("none") ? null : text;
        }
    }

    @Test
    void functionsAndCodecs_returnNull_errorsAreTyped(@TempDir Path folder) {
        Store store = Store.open(folder.resolve("a.db"));
        Agent agent = store.agent("a");
        Key<String> text = Key.text("k");
        EventStream<String> texts = EventStream.text("s");
        agent.put(text, "v").orThrow();
        agent.append(texts, NewEvent.of("e"));
        Key<String> key = new Key<>("k", NullCodec.INSTANCE);
        EventStream<String> stream = new EventStream<>("s", EventCodec.of(NullCodec.INSTANCE));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> agent.update(text, value -> null))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'k' returned null");
        }
        assertThatThrownBy(() -> agent.fold(texts, new Fold<>("f", 1, "", (state, event) -> null, Codec.text())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("fold 'f' returned null");
        assertThatThrownBy(() -> store.history().fold(text, "", (state, change) -> null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("returned null");
        agent.put(text, "none").orThrow();
        agent.append(texts, NewEvent.of("none"));
        List<Runnable> calls = List.of(
                () -> agent.put(key, "null").orThrow(),
                () -> agent.append(stream, NewEvent.of("null")),
                () -> store.get(key),
                () -> store.events(stream),
                () -> agent.fold(texts, new Fold<>("f", 1, "null", (state, event) -> state, NullCodec.INSTANCE)),
                () -> agent.feed().read(ChangeSource.stream(stream), 0, 10));
        for (Runnable call : calls) {
            assertThatThrownBy(call::run).isInstanceOf(CodecException.class).hasMessageContaining("null");
        }
        store.close();
    }
}
