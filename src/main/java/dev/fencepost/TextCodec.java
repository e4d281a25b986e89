package dev.fencepost;

/** Text is kept as it is. */
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
