package dev.fencepost.style;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import java.nio.file.Path;

/** A program that puts a value several times, and then once more between two markers. Its argument is the store. */
final class OnePut {
    private static final int REHEARSALS = 200;

    private OnePut() {}

    public static void main(String[] args) {
        Key<String> key = Key.text("k");
        try (Store store = Store.open(StoreConfig.of(Path.of(args[0])).withDurability(Durability.PROCESS_DEATH))) {
            Agent agent = store.agent("planner");
            for (int i = 0; i < REHEARSALS; i++) {
                agent.put(key, "v").orThrow();
            }
            begin();
            agent.put(key, "v").orThrow();
            end();
        }
    }

    private static void begin() {}

    private static void end() {}
}
