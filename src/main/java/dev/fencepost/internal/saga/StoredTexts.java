package dev.fencepost.internal.saga;

import dev.fencepost.InvalidInputException;
import dev.fencepost.SagaStep;
import dev.fencepost.Texts;
import org.jspecify.annotations.Nullable;

/**
 * The limit on texts that sagas store: it is that of values.
 *
 * @param maxBytes in UTF-8
 */
record StoredTexts(int maxBytes) {
    /**
     * Returns a text that the file can store.
     *
     * @param what names the text in the message
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
        String what = "The output of the step '" + step.name() + "'";
        if (output == null) {
            throw isNull(what);
        }
        return check(what, step.codec().encode(output));
    }

    private static InvalidInputException isNull(String what) {
        return new InvalidInputException(what + " is null. Return a value; where there is none, an empty text");
    }
}
