package dev.fencepost.internal.util;

import dev.fencepost.InvalidInputException;

/** Measures text as it is stored in the file. */
public final class Texts {
    private Texts() {}

    /**
     * Returns the length of a text in bytes of UTF-8. Refuses text that SQLite would not return unchanged: a surrogate
     * without its partner, and the character U+0000.
     *
     * @param what a description of the text, for the message
     * @throws InvalidInputException if the text cannot be stored unchanged
     */
    public static int utf8Length(String what, String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new InvalidInputException(
                        what + " has the character U+0000 at position " + i + ", which cannot be stored; leave it out");
            } else if (c < 0x80) {
                bytes += 1;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                throw new InvalidInputException(what + " has an unpaired surrogate at position " + i
                        + ", which is not a character; correct the text");
            }
        }
        return bytes;
    }
}
