package dev.fencepost;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * How events of one type are written as text, and how text of older shapes is read. Each event keeps the number of the shape
 * that it was written in; older text is brought up, shape by shape, before it is decoded. Events themselves never change.
 * Immutable.
 *
 * <pre>{@code
 * EventCodec<String> codec = EventCodec.of(Codec.text())        // shape 1
 *         .withUpgrade(1, text -> text.replace("fact:", ""));  // now shape 2, which is what is written
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

    /** Writes shape 1 through a codec. */
    public static <T> EventCodec<T> of(Codec<T> codec) {
        Arguments.required(codec, "codec");
        return new EventCodec<>(codec, Map.of(), false);
    }

    /** The text as it stands in the file, whatever its shape; writes shape 1. For tools that show what there is. */
    public static EventCodec<String> raw() {
        return new EventCodec<>(Codec.text(), Map.of(), true);
    }

    /**
     * As this one, but writing the next shape.
     *
     * @param shape the shape so far, from 1 on without gaps
     * @param upgrade makes of text of that shape text of the next
     * @throws InvalidInputException if the shape is not the one that this codec writes
     */
    public EventCodec<T> withUpgrade(int shape, UnaryOperator<String> upgrade) {
        Arguments.required(upgrade, "upgrade");
        if (shape != schemaVersion()) {
            throw new InvalidInputException("The upgrade is from shape " + shape + ", but the codec writes shape "
                    + schemaVersion() + "; give the upgrades in order, from 1 on");
        }
        Map<Integer, UnaryOperator<String>> more = new TreeMap<>(upgrades);
        more.put(shape, upgrade);
        return new EventCodec<>(codec, more, false);
    }

    /** The shape that it writes. */
    public int schemaVersion() {
        return upgrades.size() + 1;
    }

    /** The text of an event, in the present shape. */
    public String encode(T event) {
        Arguments.required(event, "event");
        return codec.encode(event);
    }

    /**
     * The event of a text.
     *
     * @param shape that the text was written in
     * @throws CodecException if it is of a shape that this codec does not know, or the text is not one of it
     */
    public T decode(int shape, String text) {
        Arguments.required(text, "text");
        if (anyShape) {
            return codec.decode(text);
        }
        if (shape < 1 || shape > schemaVersion()) {
            throw new CodecException(
                    "the text has shape " + shape + ", and this codec knows shapes up to " + schemaVersion()
                            + "; read it with the version of the program that wrote it, or a later one",
                    new IllegalArgumentException("shape " + shape));
        }
        String current = text;
        for (int from = shape; from < schemaVersion(); from++) {
            current = upgrades.getOrDefault(from, UnaryOperator.identity()).apply(current);
        }
        return codec.decode(current);
    }
}
