package dev.fencepost.internal.saga;

import dev.fencepost.InvalidInputException;
import dev.fencepost.internal.util.Texts;
import dev.fencepost.saga.SagaStep;
import org.jspecify.annotations.Nullable;

/**
 * The size limit of texts that sagas store; it is that of values.
 *
 * @param maxBytes the most bytes of UTF-8
 */
record StoredTexts(int maxBytes) {
    /**
     * Returns the text, once it is checked that the file can store it.
     *
     * @param what the name of the text, for the message
     * @throws InvalidInputException if it is null, too long, or has characters that cannot be stored
     */
    String check(String what, @Nullable String text) {
        if (text == null) {
            throw isNull(what);
        }
        int bytes = Texts.utf8Length(what, text);
        if (bytes > maxBytes) {
            throw new InvalidInputException(what + " has " + bytes + " bytes; it must have at most " + maxBytes
                    + ". Store it under a key and pass the key instead, or open the store with a higher limit");
        }
        return text;
    }

    /** Encodes the output of a step. */
    <O> String output(SagaStep<?, O> step, @Nullable O output) {
        try {
            String what = "The output of the step '" + step.name() + "'";
            if (output == null) {
                throw isNull(what);
            }
            return check(what, step.codec().encode(output));
        } catch (RuntimeException e) {
            throw new FailureMessages.Unusable(e);
        }
    }

    /** Returns the text that a function of a step returned, once it is checked that the file can store it. */
    String input(SagaStep<?, ?> step, String what, @Nullable String text) {
        try {
            return check(what + " of the step '" + step.name() + "'", text);
        } catch (RuntimeException e) {
            throw new FailureMessages.Unusable(e);
        }
    }

    private static InvalidInputException isNull(String what) {
        return new InvalidInputException(what + " is null. Return a value, or an empty text");
    }
}
