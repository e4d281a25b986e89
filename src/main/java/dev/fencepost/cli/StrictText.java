package dev.fencepost.cli;

import dev.fencepost.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Text from outside. A value is stored exactly or not at all, so a text that cannot be read exactly is refused. */
final class StrictText {
    private static final char REPLACEMENT = '\uFFFD';

    private StrictText() {}

    /**
     * Reads all of a stream as text.
     *
     * @param most the longest text, in bytes
     * @throws InvalidInputException if the text is longer, or not UTF-8
     */
    static String read(InputStream in, int most) throws IOException {
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) {
            throw new InvalidInputException(
                    "Standard input has more than " + most + " bytes, the maximum of a value;" + " split the value");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInputException("Standard input is not valid UTF-8 (" + e.getMessage()
                    + "), but values are text; convert it, for example with iconv or base64");
        }
    }

    /**
     * Refuses arguments that Java may have read wrongly. Java decodes them by the locale, which replaces characters
     * that it does not know.
     *
     * @throws InvalidInputException if an argument may have lost characters
     */
    static void check(List<String> args) {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        boolean utf8 =
                Charset.isSupported(encoding) && Charset.forName(encoding).equals(StandardCharsets.UTF_8);
        if (!utf8 && args.stream().anyMatch(arg -> arg.indexOf(REPLACEMENT) >= 0)) {
            throw new InvalidInputException("An argument has characters that the encoding of the locale, " + encoding
                    + ", cannot represent; set LC_ALL=C.UTF-8, or give the value on standard input");
        }
    }
}
