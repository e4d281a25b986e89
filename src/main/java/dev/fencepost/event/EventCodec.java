package dev.fencepost.event;

import dev.fencepost.Codec;
import dev.fencepost.CodecException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.internal.util.Arguments;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A codec for the events of one type, which also reads text of older shapes. A shape is a version of the text format,
 * numbered from 1. Each event keeps the number of the shape in which it was written. Older text is upgraded shape by
 * shape before it is decoded. Stored events never change. Immutable.
 *
 * <pre>{@code
 * EventCodec<String> codec = EventCodec.of(Codec.text())        // shape 1
 *         .withUpgrade(1, text -> text.replace("fact:", ""));  // writes shape 2
 * }</pre>
 *
 * @param <T> the type of the events
 */
public final class EventCodec<T> {
    private final Codec<T> codec;
    private final Map<Integer, UnaryOperator<String>> upgrades;

    private final boolean anyShape;

    private EventCodec(Codec<T> codec, Map<Integer, UnaryOperator<String>> upgrades, boolean anyShape) {
        this.codec = codec;
        this.upgrades = upgrades;
        this.anyShape = anyShape;
    }

    /** Creates a codec that writes shape 1. */
    public static <T> EventCodec<T> of(Codec<T> codec) {
        Arguments.required(codec, "codec");
        return new EventCodec<>(codec, Map.of(), false);
    }

    /**
     * Returns a codec that reads the stored text unchanged, in any shape, and writes shape 1. It is for tools that
     * display stored events.
     */
    public static EventCodec<String> raw() {
        return new EventCodec<>(Codec.text(), Map.of(), true);
    }

    /**
     * Returns a copy that writes the next shape.
     *
     * @param shape the shape that this codec writes; shapes are numbered from 1 without gaps
     * @param upgrade the function from text of that shape to text of the next
     * @throws InvalidInputException if the shape is not the one that this codec writes
     */
    public EventCodec<T> withUpgrade(int shape, UnaryOperator<String> upgrade) {
        Arguments.required(upgrade, "upgrade");
        if (shape != schemaVersion()) {
            throw new InvalidInputException("The upgrade is from schema version " + shape + ", but the codec writes"
                    + " schema version "
                    + schemaVersion() + ". Add the upgrades in order, beginning with version 1");
        }
        Map<Integer, UnaryOperator<String>> more = new TreeMap<>(upgrades);
        more.put(shape, upgrade);
        return new EventCodec<>(codec, more, false);
    }

    /** Returns the shape that this codec writes. */
    public int schemaVersion() {
        return upgrades.size() + 1;
    }

    /** Returns the text of an event, in the shape that this codec writes. */
    public String encode(T event) {
        Arguments.required(event, "event");
        return codec.encode(event);
    }

    /**
     * Returns the event of a text.
     *
     * @param shape the shape in which the text was written
     * @throws CodecException if this codec does not know the shape, or the text is not valid
     */
    public T decode(int shape, String text) {
        Arguments.required(text, "text");
        if (anyShape) {
            return codec.decode(text);
        }
        if (shape < 1 || shape > schemaVersion()) {
            throw new CodecException(
                    "the text has schema version " + shape + "; this codec reads versions up to " + schemaVersion()
                            + ". Read it with the version of the program that wrote it, or a later one",
                    new IllegalArgumentException("shape " + shape));
        }
        String current = text;
        for (int from = shape; from < schemaVersion(); from++) {
            current = upgrades.getOrDefault(from, UnaryOperator.identity()).apply(current);
        }
        return codec.decode(current);
    }
}
