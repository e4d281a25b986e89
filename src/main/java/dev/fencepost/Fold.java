package dev.fencepost;

import java.util.function.BiFunction;

/**
 * What the events of a stream come to, one after the other. What it came to can be kept in the file, so that the next time
 * only newer events are read; see {@link Agent#fold}.
 *
 * @param name of the fold, as that of a key
 * @param version raise it when the step or the codec changes: what another version came to is not used
 * @param initial what no events come to
 * @param step what one event more makes of it; must come to the same whenever it is run
 * @param codec how it is written as text
 * @param <T> the type of the events
 * @param <S> the type of what they come to
 */
public record Fold<T, S>(
        String name,
        int version,
        S initial,
        BiFunction<? super S, ? super Event<T>, ? extends S> step,
        Codec<S> codec) {
    /** Events that are in memory at one time. */
    private static final int PAGE = 1_000;

    public Fold {
        Arguments.required(initial, "initial");
        Arguments.required(step, "step");
        Arguments.required(codec, "codec");
        Names.checkKey(name);
    }

    /**
     * Goes on from what the events up to a number came to, with those after it, a few at a time.
     *
     * @param before where to go on from; number 0 begins with the first event
     */
    public FoldState<S> over(Reader reader, EventStream<T> stream, FoldState<S> before) {
        Arguments.required(reader, "reader");
        Arguments.required(stream, "stream");
        Arguments.required(before, "before");
        FoldState<S> folded = before;
        while (true) {
            Page<Event<T>> page = reader.events(stream, folded.number(), PAGE);
            for (Event<T> event : page) {
                S next = step.apply(folded.state(), event);
                if (next == null) {
                    throw new InvalidInputException("The step of the fold '" + name + "' returned null for event "
                            + event.number() + " of the stream '" + stream + "'; return a state");
                }
                folded = new FoldState<>(next, event.number());
            }
            if (!page.more()) {
                return folded;
            }
        }
    }
}
