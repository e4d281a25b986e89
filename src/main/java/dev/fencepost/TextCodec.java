package dev.fencepost;

import dev.fencepost.internal.util.Arguments;

/** The codec that stores text unchanged. */
enum TextCodec implements Codec<String> {
    INSTANCE;

    @Override
    public String encode(String value) {
        Arguments.required(value, "value");
        return value;
    }

    @Override
    public String decode(String text) {
        Arguments.required(text, "text");
        return text;
    }
}
