package dev.fencepost;

import java.util.Optional;
import java.util.function.Function;

/**
 * A step whose effect is outside of the store. That it is about to run is in the journal before it runs; so whoever takes
 * a saga over knows that it may have happened, and does what the step says about that: asks its probe, runs it again, or
 * stops and shows the saga as stuck. Every attempt has the same idempotency key. Immutable.
 *
 * @param undo how it is undone; a step without one has nothing to undo
 * @param undoInput what its undoing needs to know, put into the journal before the step runs
 * @param probe finds out whether it happened
 * @param idempotent whether it may run again when nobody knows whether it happened
 * @param undoesTheUnknown see {@link SagaStep#undoesTheUnknown}
 */
public record OutsideStep<I, O>(
        String name,
        Codec<O> codec,
        Action<I, O> action,
        Optional<Undo<I, O>> undo,
        Function<StepContext<I>, String> undoInput,
        Optional<Probe<I, O>> probe,
        boolean idempotent,
        boolean undoesTheUnknown,
        Retry retry,
        Retry undoRetry)
        implements SagaStep<I, O> {
    /** What the step does. */
    @FunctionalInterface
    public interface Action<I, O> {
        /**
         * Does it.
         *
         * @throws StepFailedException if it certainly did not happen
         * @throws Exception if it is not known whether it happened
         */
        O run(StepContext<I> context) throws Exception;
    }

    /** What undoes it. */
    @FunctionalInterface
    public interface Undo<I, O> {
        /**
         * Undoes it. May run more than once, so it must be idempotent; the context's idempotency key is that of the
         * undoing.
         *
         * @param input what was put into the journal before the step ran
         * @param output what the step gave; empty if nobody knows whether it happened
         */
        void run(StepContext<I> context, String input, Optional<O> output) throws Exception;
    }

    /** Finds out what became of an attempt of which nobody knows. */
    @FunctionalInterface
    public interface Probe<I, O> {
        /**
         * Asks. The context's idempotency key is that of the attempts, and its attempt the last of them.
         *
         * @return {@link Found.DidNotHappen} only if none of the attempts so far can happen any more: the call of a
         *     coordinator that was taken for dead may still be on its way. If whoever is asked cannot bar that, it cannot
         *     tell
         */
        Found<O> ask(StepContext<I> context) throws Exception;
    }

    /** What a probe finds. */
    public sealed interface Found<O> {
        /** It happened, and gave this. */
        record Happened<O>(O output) implements Found<O> {}

        /** It did not happen, and will not any more. */
        record DidNotHappen<O>() implements Found<O> {}

        /** It cannot be told. */
        record CannotTell<O>(String why) implements Found<O> {}
    }

    public OutsideStep {
        Arguments.required(codec, "codec");
        Arguments.required(action, "action");
        Arguments.required(undo, "undo");
        Arguments.required(undoInput, "undoInput");
        Arguments.required(probe, "probe");
        Arguments.required(retry, "retry");
        Arguments.required(undoRetry, "undoRetry");
        Names.checkStep(name);
    }

    /** A step with an output of its own. */
    public static <I, O> OutsideStep<I, O> of(String name, Codec<O> codec, Action<I, O> action) {
        return new OutsideStep<>(
                name,
                codec,
                action,
                Optional.empty(),
                context -> "",
                Optional.empty(),
                false,
                false,
                SagaStep.standardRetry(),
                SagaStep.standardRetry());
    }

    /** A step whose output is text. */
    public static <I> OutsideStep<I, String> of(String name, Action<I, String> action) {
        return of(name, Codec.text(), action);
    }

    /** The same, undone by this. */
    public OutsideStep<I, O> undoneBy(Undo<I, O> how) {
        Arguments.required(how, "how");
        return undoneBy(context -> "", how);
    }

    /** The same, undone by this, for which something is put into the journal before the step runs. */
    public OutsideStep<I, O> undoneBy(Function<StepContext<I>, String> input, Undo<I, O> how) {
        Arguments.required(input, "input");
        Arguments.required(how, "how");
        return new OutsideStep<>(
                name, codec, action, Optional.of(how), input, probe, idempotent, undoesTheUnknown, retry, undoRetry);
    }

    /** The same; where nobody knows whether it happened, this is asked. */
    public OutsideStep<I, O> probedBy(Probe<I, O> how) {
        Arguments.required(how, "how");
        return new OutsideStep<>(
                name, codec, action, undo, undoInput, Optional.of(how), idempotent, undoesTheUnknown, retry, undoRetry);
    }

    /**
     * The same; it may run again where nobody knows whether it happened. Whoever is asked must know the idempotency key for
     * longer than the saga lasts, and its undoing: a call that was late must have no effect after it.
     */
    public OutsideStep<I, O> asIdempotent() {
        return new OutsideStep<>(name, codec, action, undo, undoInput, probe, true, undoesTheUnknown, retry, undoRetry);
    }

    /**
     * The same; it may be undone where nobody knows whether it happened. That must do no harm if it did not, and must also
     * bar it from happening later: the call of a coordinator that was taken for dead may still be on its way.
     */
    public OutsideStep<I, O> undoneIfUnknown() {
        return new OutsideStep<>(name, codec, action, undo, undoInput, probe, idempotent, true, retry, undoRetry);
    }

    /** The same, tried like this. */
    public OutsideStep<I, O> retry(Retry policy) {
        return new OutsideStep<>(
                name, codec, action, undo, undoInput, probe, idempotent, undoesTheUnknown, policy, undoRetry);
    }

    /** The same, its undoing tried like this. */
    public OutsideStep<I, O> undoRetry(Retry policy) {
        return new OutsideStep<>(
                name, codec, action, undo, undoInput, probe, idempotent, undoesTheUnknown, retry, policy);
    }

    @Override
    public boolean isUndone() {
        return undo.isPresent();
    }
}
