package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.Versioned;
import dev.fencepost.testing.OpenStoreTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of what can be written, to the last byte. Values within them are read as written, and in order. */
class LimitsTest extends OpenStoreTest {
    private static final String GRIN = "\uD83D\uDE00";
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    private Agent planner;

    @BeforeEach
    void open() {
        planner = store.agent("planner");
    }

    @AfterEach
    void close() {
        assertThat(store.check().findings()).isEmpty();
    }

    private void roundTrip(Key<String> key, String value) {
        planner.put(key, value).orThrow();
        assertThat(store.get(key).orElseThrow().value().equals(value)).isTrue();
        assertThat(store.list(Prefix.text(key.name())))
                .singleElement()
                .satisfies(found -> assertThat(found.key()).isEqualTo(key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "é", "日", GRIN, "\u07ff", "\u0800", "\uffff"})
    void keysUpTo512Bytes_areAccepted(String letter) {
        int bytes = letter.getBytes(StandardCharsets.UTF_8).length;
        String most = letter.repeat(512 / bytes) + "x".repeat(512 % bytes);
        roundTrip(Key.text(most), "v");
        assertThatThrownBy(() -> Key.text(most + "y"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has 513 bytes of UTF-8; the maximum is 512; shorten it");
        assertThatThrownBy(() -> Prefix.text(most + "y")).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\t", "\n", "\u001f", "\u007f", "\u0080", "\u0085", "\u009f"})
    void controlCharacters_areRefusedInNames(String control) {
        for (String name : List.of(control, "a" + control, control + "b", "a" + control + "b")) {
            assertThatThrownBy(() -> Key.text(name))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("control character U+" + String.format("%04X", (int) control.charAt(0)))
                    .hasMessageContaining("leave it out");
            assertThatThrownBy(() -> Prefix.text(name)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> store.agent(name)).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void neighboursOfControlCharacters_areAccepted() {
        for (String name :
                List.of(" ", "~", "\u00a0", "-", "]", "^", "*", "?", "[", "%", "_", "'", "\ufffd", "\ufeff")) {
            roundTrip(Key.text(name), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83d", "\ude00\ud83d", "\ud83d\ud83d\ude00", "x\udfff"})
    void halvesOfSurrogatePairs_areRefused(String half) {
        assertThatThrownBy(() -> Key.text(half))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("unpaired surrogate");
        assertThatThrownBy(() -> planner.put(Key.text("a"), half).orThrow())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("The value of 'a' has an unpaired surrogate");
        assertThat(store.get(Key.text("a"))).isEmpty();
    }

    @Test
    void nulInAValue_isRefused() {
        assertThatThrownBy(() -> planner.put(Key.text("a"), "x\u0000y").orThrow())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("The value of 'a' has the character U+0000 at position 1")
                .hasMessageContaining("leave it out");
        assertThat(store.get(Key.text("a"))).isEmpty();
    }

    @Test
    void allOtherCharacters_comeBackAsTheyWere() {
        StringBuilder all = new StringBuilder();
        for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                all.appendCodePoint(c);
            }
        }
        roundTrip(Key.text("all"), all.toString());
        roundTrip(Key.text("empty"), "");
        roundTrip(Key.text("mark"), "\ufeffx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v", "é", GRIN})
    void valuesUpToTheLimit_areAccepted(String letter) {
        int bytes = letter.getBytes(StandardCharsets.UTF_8).length;
        StoreConfig config = StoreConfig.of(folder.resolve("small.db")).withMaxValueBytes(100);
        try (Store small = Store.open(config)) {
            String most = letter.repeat(100 / bytes);
            Agent agent = small.agent("planner");
            agent.put(Key.text("a"), most).orThrow();
            assertThatThrownBy(() -> agent.put(Key.text("a"), most + "x").orThrow())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("The value of 'a' has 101 bytes; the maximum is 100; split it");
            assertThat(small.get(Key.text("a")).orElseThrow().value()).isEqualTo(most);
        }
    }

    @Test
    void sixteenMebibytes_comeBackAsTheyWere() {
        int most = 16 * 1024 * 1024;
        roundTrip(Key.text("large"), "x".repeat(most));
        assertThatThrownBy(() ->
                        planner.put(Key.text("large"), "x".repeat(most + 1)).orThrow())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has 16777217 bytes; the maximum is 16777216");
        roundTrip(Key.text("wide"), GRIN.repeat(most / 4));
    }

    @Test
    void keysAreListedByCodePoint() {
        List<String> names = List.of("", "a", "z", "\u00e9", "\ud7ff", "\ue000", "\uffff", "\ud800\udc00", GRIN, LAST);
        List<String> keys = new ArrayList<>();
        names.forEach(first -> names.forEach(second -> keys.add("k" + first + second)));
        keys.stream()
                .distinct()
                .forEach(name -> planner.put(Key.text(name), name).orThrow());
        List<String> sorted = keys.stream().distinct().sorted(BY_CODE_POINT).toList();
        assertThat(store.list(Prefix.text(""))).extracting(Versioned::value).containsExactlyElementsOf(sorted);
        for (String prefix : keys) {
            List<String> expected =
                    sorted.stream().filter(name -> name.startsWith(prefix)).toList();
            assertThat(store.list(Prefix.text(prefix)))
                    .extracting(Versioned::value)
                    .containsExactlyElementsOf(expected);
            assertThat(planner.<List<Versioned<String>>>transact(tx -> tx.list(Prefix.text(prefix))))
                    .extracting(Versioned::value)
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    void prefixesAtTheEndOfAllCharacters_findTheirKeys() {
        List<String> names =
                List.of(LAST, LAST + "a", LAST + LAST, LAST + LAST + "b", GRIN, GRIN + LAST, "\ud7ff", "\ue000");
        names.forEach(name -> planner.put(Key.text(name), name).orThrow());
        for (String prefix : names) {
            assertThat(store.list(Prefix.text(prefix)))
                    .extracting(Versioned::value)
                    .containsExactlyElementsOf(names.stream()
                            .filter(name -> name.startsWith(prefix))
                            .sorted(BY_CODE_POINT)
                            .toList());
        }
    }

    @Test
    void randomPrefixes_findTheirKeys() {
        int[] letters = {'a', 'b', 0xd7ff, 0xe000, 0xffff, 0x10000, Character.MAX_CODE_POINT};
        Random random = new Random(20);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            names.add(name(letters, 1 + random.nextInt(4), random));
        }
        names.stream()
                .distinct()
                .forEach(name -> planner.put(Key.text(name), name).orThrow());
        for (int i = 0; i < 200; i++) {
            String prefix = name(letters, random.nextInt(4), random);
            assertThat(store.list(Prefix.text(prefix)))
                    .as("prefix %s", prefix)
                    .extracting(Versioned::value)
                    .containsExactlyElementsOf(names.stream()
                            .distinct()
                            .filter(name -> name.startsWith(prefix))
                            .sorted(BY_CODE_POINT)
                            .toList());
        }
    }

    private static String name(int[] letters, int length, Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < length; i++) {
            name.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return name.toString();
    }

    private static final Comparator<String> BY_CODE_POINT = (left, right) ->
            Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());
}
