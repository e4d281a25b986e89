package dev.fencepost;

import org.jspecify.annotations.Nullable;

/** A value has no text, or a text in the file is not one of the codec's. */
public final class CodecException extends FencepostException {
    private static final long serialVersionUID = 1;

    public CodecException(String message, @Nullable Throwable cause) {
        super("codec", false, message, cause);
    }
}
