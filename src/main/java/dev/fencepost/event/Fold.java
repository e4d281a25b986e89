package dev.fencepost.event;

import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;
import java.util.function.BiFunction;

/**
 * A function that computes a state from the events of a stream, one event after the other. The state can be stored in
 * the file, so that the next fold reads only newer events; see {@link Agent#fold}.
 *
 * @param name the name of the fold; the rules are those of a key
 * @param version the version of the fold. Raise it when the step or the codec changes: the stored state of another
 *     version is not used
 * @param initial the state before the first event
 * @param step the function from a state and the next event to the new state. It must be deterministic
 * @param codec the text form of the state
 * @param <T> the type of the events
 * @param <S> the type of the state
 */
public record Fold<T, S>(
        String name,
        int version,
        S initial,
        BiFunction<? super S, ? super Event<T>, ? extends S> step,
        Codec<S> codec) {
    public Fold {
        Arguments.required(initial, "initial");
        Arguments.required(step, "step");
        Arguments.required(codec, "codec");
        Names.checkKey(name);
    }
}
