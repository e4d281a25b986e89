package dev.fencepost.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Key;
import dev.fencepost.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Full disks. */
final class DiskFaults {
    private DiskFaults() {}

    /** Fills the disk completely during each kind of commit, and frees the space again. */
    static void full(FaultEnvironment scene) throws IOException {
        scene.mounts().small(scene.folder, "4m");
        Path ballast = scene.folder.resolve("ballast");
        try (Store store = Store.open(scene.file)) {
            CommitKind.Hand hand = new CommitKind.Hand(store);
            Map<CommitKind, List<Integer>> acknowledged = new EnumMap<>(CommitKind.class);
            int n = 0;
            for (CommitKind deed : CommitKind.values()) {
                int failing = n++;
                deed.prepare(hand, failing);
                fill(ballast);
                int written = 0;
                for (Key<String> filler = Key.text("filler"); written < 50; written++) {
                    try {
                        hand.agent.put(filler, "x".repeat(20_000)).orThrow();
                    } catch (dev.fencepost.StorageException e) {
                        break;
                    }
                }
                assertThat(written).as("the disk does not fill up").isLessThan(50);
                scene.fails(() -> deed.attempt(hand, failing));
                Files.delete(ballast);
                assertThat(deed.isSeen() && deed.landed(store, failing))
                        .as("%s", deed)
                        .isFalse();
                int next = n++;
                deed.prepare(hand, next);
                deed.attempt(hand, next);
                acknowledged.computeIfAbsent(deed, any -> new ArrayList<>()).add(next);
            }
            acknowledged.forEach((deed, made) -> made.forEach(
                    each -> assertThat(deed.landed(store, each)).as("%s", deed).isTrue()));
            assertThat(store.check().findings()).isEmpty();
        }
    }

    /** Uses up all free space. */
    private static void fill(Path ballast) {
        byte[] page = new byte[4096];
        try (var out = Files.newOutputStream(ballast)) {
            for (int i = 0; i < 10_000; i++) {
                out.write(page);
            }
            throw new AssertionError("the disk has no end");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    static void fullWhileCreating(FaultEnvironment scene) {
        scene.mounts().small(scene.folder, "64k");
        assertThat(scene.fails(() -> Store.open(scene.file).close())).hasMessageContaining("The disk is full");
        scene.mounts().close();
        scene.makeStore();
        scene.assertGoesOn("1");
    }
}
