package dev.fencepost.verification.linearizability;

import dev.fencepost.Key;
import dev.fencepost.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The keys of a history: only a few, so that the processes contend for them, under prefixes, so that they can be
 * listed.
 */
final class Keys {
    static final List<String> PREFIXES = List.of("a/", "b/", "c/");
    private static final int EACH = 4;

    private final Random random;

    Keys(Random random) {
        this.random = random;
    }

    static List<String> all() {
        return PREFIXES.stream().flatMap(prefix -> under(prefix).stream()).toList();
    }

    /** Returns all keys that can exist under a prefix. */
    static List<String> under(String prefix) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            keys.add(prefix + i);
        }
        return keys;
    }

    static Key<String> key(String name) {
        return Key.text(name);
    }

    static Prefix<String> prefix(String name) {
        return Prefix.text(name);
    }

    /** Returns a random key; the first key of each prefix is more frequent. */
    String any() {
        return anyPrefix() + Math.min(random.nextInt(EACH), random.nextInt(EACH));
    }

    String anyPrefix() {
        return PREFIXES.get(random.nextInt(PREFIXES.size()));
    }

    /** Returns some distinct keys. */
    List<String> some(int least, int most) {
        int count = least + random.nextInt(most - least + 1);
        List<String> keys = new ArrayList<>();
        while (keys.size() < count) {
            String key = any();
            if (!keys.contains(key)) {
                keys.add(key);
            }
        }
        return keys;
    }
}
