package dev.fencepost;

import org.jspecify.annotations.Nullable;

/** The exception for a value that has no text, or a text that its codec cannot decode. */
public final class CodecException extends FencepostException {
    private static final long serialVersionUID = 1;

    public CodecException(String message, @Nullable Throwable cause) {
        super("codec", false, message, cause);
    }
}
