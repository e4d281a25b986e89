package dev.fencepost.verification.fuzz;

import java.util.List;
import java.util.random.RandomGenerator;

/** Strings made to do harm, chosen by a seed. */
final class MaliciousStrings {
    private static final List<String> NASTY = List.of(
            "",
            " ",
            "-",
            "--",
            "---",
            "-x",
            "--json",
            "@/etc/passwd",
            "@",
            "%s%n%d",
            "${jndi:ldap://localhost/x}",
            "${env:PATH}",
            "'; DROP TABLE keys; --",
            "\"; DELETE FROM versions; --",
            "a' OR '1'='1",
            "$(touch /tmp/owned)",
            "`touch /tmp/owned`",
            "; touch /tmp/owned",
            "../../etc/passwd",
            "/dev/zero",
            "file:x?mode=memory",
            "a\nb",
            "a\rb",
            "a\tb",
            "a\u0000b",
            "\u001b[31mred\u001b[0m",
            "\u202egnirts",
            "\uFEFF",
            "\uD800",
            "\uDFFF\uD800",
            "\uD83D\uDE00",
            "e\u0301",
            "\u0130",
            "*",
            "[a-z]",
            "%",
            "_",
            "a%b_c\\",
            "a/b/c/",
            "NULL",
            "null",
            "true",
            "NaN",
            "Infinity",
            "-0",
            "0x10",
            "1e9",
            "1_000",
            "\u0661\u0662",
            "[[[[",
            "{\"a\":{\"a\":1,\"a\":2}}",
            "1e999999999",
            "rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA==",
            "\u00ac\u00ed\u0000\u0005sr",
            "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><x>&y;</x>");

    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "2",
            "-1",
            "+1",
            "007",
            "2147483647",
            "2147483648",
            "-2147483649",
            "999999999999999999",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "1.5",
            "x",
            "");

    private static final List<String> DURATIONS = List.of(
            "0s",
            "1ms",
            "3s",
            "30s",
            "1h",
            "365d",
            "366d",
            "-1s",
            "1",
            "s",
            "1.5s",
            "1s1s",
            "9223372036854775807d",
            "99999999999999999999s",
            "PT1S",
            "");

    private static final List<String> PLACES = List.of(
            "0",
            "1",
            "999999999999",
            "-1",
            "2026-11-21",
            "2026-11-21T10:00:00Z",
            "-999999999-01-01T00:00:00Z",
            "+999999999-12-31T23:59:59.999999999Z",
            "1h",
            "9223372036854775807d",
            "2026-13-45",
            "yesterday",
            "");

    private static final List<String> TOKENS = List.of(
            "fpc-00000000000000000000000000000000-1-0000000000000000",
            "fpc-00000000000000000000000000000000-999999999999999999-ffffffffffffffff",
            "fpc-00000000000000000000000000000000-0-0000000000000000",
            "fps-00000000000000000000000000000000-1",
            "fpc-",
            "FPC-00000000000000000000000000000000-1-0000000000000000",
            "1.2@3",
            "-1.-1@-1");

    private final RandomGenerator random;

    MaliciousStrings(RandomGenerator random) {
        this.random = random;
    }

    String of(char kind) {
        return switch (kind) {
            case 'N' -> odd(NUMBERS);
            case 'D' -> odd(DURATIONS);
            case 'W' -> odd(PLACES);
            case 'T' -> odd(TOKENS);
            case 'R' -> odd(NUMBERS) + ".." + odd(NUMBERS);
            // Most commands should pass the first check of their arguments.
            case 'K', 'S', 'I' -> random.nextInt(3) > 0 ? "k" + random.nextInt(4) : any();
            default -> any();
        };
    }

    private String odd(List<String> usual) {
        return random.nextInt(10) == 0 ? any() : one(usual);
    }

    <T> T one(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Returns a malicious string: one from the list, a part of it, two of it, many of it, or random noise. */
    String any() {
        String word = one(NASTY);
        return switch (random.nextInt(8)) {
            case 0 -> word + one(NASTY);
            case 1 -> word.repeat(random.nextInt(300));
            case 2 -> noise(random.nextInt(40));
            case 3 -> "[".repeat(random.nextInt(20_000));
            default -> word;
        };
    }

    private String noise(int length) {
        StringBuilder noise = new StringBuilder();
        for (int i = 0; i < length; i++) {
            noise.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
        }
        return noise.toString();
    }

    byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    long number() {
        return switch (random.nextInt(6)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> Long.MIN_VALUE;
            case 2 -> -1;
            case 3 -> random.nextLong();
            default -> random.nextInt(5);
        };
    }
}
