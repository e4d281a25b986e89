package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.testing.JvmLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes with a small heap that list more than fits into it. */
class SmallHeapTest {
    /** One character that is not Latin-1 makes the whole text take two bytes a character in memory. */
    private static final String MEBIBYTE = "x".repeat(1024 * 1024 - 3) + "\u20ac";

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("a.db");
    }

    private Store open() {
        return Store.open(
                StoreConfig.of(file()).withDurability(Durability.PROCESS_DEATH).withCacheBytes(0));
    }

    /** Runs a process with a heap of so many MiB. */
    private List<String> list(int heap, String... what) {
        List<String> arguments = new ArrayList<>(List.of(file().toString()));
        arguments.addAll(List.of(what));
        return JvmLauncher.quick()
                .withOptions("-Xmx" + heap + "m")
                .run(ListingMain.class, arguments.toArray(String[]::new))
                .lines();
    }

    @Test
    void values_twiceAsLargeAsTheHeap_areListedInPages() throws Exception {
        try (Store store = open()) {
            Agent agent = store.agent("writer");
            for (int i = 0; i < 240; i++) {
                agent.put(Key.text("big/%03d".formatted(i)), MEBIBYTE).orThrow();
            }
        }
        String all = "240 keys, " + 240L * MEBIBYTE.length() + " characters";
        assertThat(list(128, "whole", "pages", "past", "transaction"))
                .containsExactly("whole result-too-large", "pages " + all, "past " + all, "transaction " + all);
    }

    /** In proportion as 225 sagas with inputs of 1 MiB in a heap of 256 MiB. */
    @Test
    void sagas_withInputsLargerThanTheHeap_areListed() throws Exception {
        SagaDefinition<String> stuck = SagaDefinition.of("order", 1, Codec.text())
                .step(ExternalStep.<String>of("charge", context -> {
                    throw new IOException("connection reset");
                }));
        try (Store store = open()) {
            for (int i = 0; i < 56; i++) {
                store.agent("writer").sagas().run(stuck, "order-" + i, MEBIBYTE);
            }
        }
        assertThat(list(64, "sagas", "then", "recover"))
                .containsExactly("sagas 56 sagas", "then 56 sagas", "recover 0 recovered");
    }
}
