package dev.fencepost.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Freshness;
import dev.fencepost.Key;
import dev.fencepost.Position;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.file.FolderSnapshot;
import dev.fencepost.file.SqlShell;
import dev.fencepost.testing.ExternalProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Damage to the file, its log and the folder around them: they are corrupted, replaced, removed or of the wrong kind.
 */
final class DamageFaults {
    private static final int PAGE = 4096;

    private DamageFaults() {}

    static void olderCopy(FaultEnvironment scene) throws IOException {
        scene.makeStore();
        Path older = Files.copy(scene.file, scene.folder.resolve("older.db"));
        try (Store store = Store.open(scene.file)) {
            for (int i = 0; i < 5; i++) {
                store.agent("planner").put(FaultEnvironment.A, "later " + i).orThrow();
            }
            assertThat(SqlShell.JDBC.run(scene.file, "PRAGMA wal_checkpoint(TRUNCATE)"))
                    .isEmpty();
            ExternalProgram.output("cp", older.toString(), scene.file.toString());
            assertThat(SqlShell.JDBC.run(scene.file, "INSERT INTO current_values (key, value) VALUES ('b', '1')"))
                    .isEmpty();
            scene.fails(() -> store.get(FaultEnvironment.A));
            scene.fails(
                    () -> store.agent("planner").put(FaultEnvironment.A, "x").orThrow());
        }
    }

    static void logLost(FaultEnvironment scene) throws IOException {
        Position seen = killed(scene);
        Files.delete(Path.of(scene.file + "-wal"));
        assertToldOf(scene, seen);
    }

    static void logFlipped(FaultEnvironment scene) throws IOException {
        Position seen = killed(scene);
        Path log = Path.of(scene.file + "-wal");
        FaultEnvironment.flip(log, Files.size(log) - 100, 50);
        assertToldOf(scene, seen);
    }

    private static Position killed(FaultEnvironment scene) {
        scene.makeStore();
        FaultWorker doer = scene.doer(Map.of());
        assertThat(doer.ask("put a 2").isDone()).isTrue();
        assertThat(doer.ask("put a 3").isDone()).isTrue();
        Position seen = Position.parse(doer.ask("position").rest());
        doer.kill();
        return seen;
    }

    private static void assertToldOf(FaultEnvironment scene, Position seen) {
        try (Store store = Store.open(scene.file)) {
            assertThat(store.get(FaultEnvironment.A).orElseThrow().value()).isIn("1", "2");
            assertThat(scene.fails(() -> store.get(FaultEnvironment.A, Freshness.atLeast(seen))))
                    .hasMessageContaining("is ahead of the store, which ends at");
        }
    }

    static void logRemoved(FaultEnvironment scene) {
        scene.makeStore();
        try (Store store = Store.open(scene.file)) {
            store.agent("planner").put(FaultEnvironment.A, "2").orThrow();
            ExternalProgram.output("rm", scene.file + "-wal");
            refusedNow(scene, store);
        }
    }

    static void renamed(FaultEnvironment scene) {
        scene.makeStore();
        Path moved = scene.folder.resolve("moved.db");
        try (Store store = Store.open(scene.file)) {
            store.agent("planner").put(FaultEnvironment.A, "2").orThrow();
            ExternalProgram.output("mv", scene.file.toString(), moved.toString());
            refusedNow(scene, store);
        }
        for (String suffix : new String[] {"", "-wal"}) {
            if (Files.exists(Path.of((suffix.isEmpty() ? moved : scene.file) + suffix))) {
                ExternalProgram.output(
                        "mv", (suffix.isEmpty() ? moved : scene.file) + suffix, scene.file + "-back" + suffix);
            }
        }
        try (Store store = Store.open(Path.of(scene.file + "-back"))) {
            assertThat(store.get(FaultEnvironment.A).orElseThrow().value()).isEqualTo("2");
            assertThat(store.check().findings()).isEmpty();
        }
    }

    static void deleted(FaultEnvironment scene) {
        scene.makeStore();
        try (Store store = Store.open(scene.file)) {
            store.agent("planner").put(FaultEnvironment.A, "2").orThrow();
            ExternalProgram.output("rm", scene.file.toString());
            refusedNow(scene, store);
        }
    }

    /** Expects refusals at the next commit and at an uncached read. Both may notice the fault with a delay. */
    private static void refusedNow(FaultEnvironment scene, Store store) {
        scene.fails(() -> {
            while (true) {
                store.agent("planner").put(FaultEnvironment.A, "lost").orThrow();
            }
        });
        scene.fails(() -> store.list(Prefix.text("")));
    }

    static void notADatabase(FaultEnvironment scene) throws IOException {
        Files.writeString(scene.file, "Dear diary,\n".repeat(1_000));
        refusedUntouched(scene);
    }

    static void notAStore(FaultEnvironment scene) {
        assertThat(SqlShell.JDBC.run(scene.file, "CREATE TABLE t (x)")).isEmpty();
        refusedUntouched(scene);
    }

    static void newerSchema(FaultEnvironment scene) {
        scene.makeStore();
        assertThat(SqlShell.JDBC.run(scene.file, "PRAGMA user_version = 1000")).isEmpty();
        refusedUntouched(scene);
    }

    static void truncated(FaultEnvironment scene) {
        scene.makeStore();
        ExternalProgram.output("truncate", "-s", "" + 2 * PAGE, scene.file.toString());
        refusedUntouched(scene);
    }

    static void schemaFlipped(FaultEnvironment scene) throws IOException {
        scene.makeStore();
        String bytes = Files.readString(scene.file, StandardCharsets.ISO_8859_1);
        FaultEnvironment.flip(scene.file, bytes.lastIndexOf("versions step by one"), 4);
        refusedUntouched(scene);
    }

    static void pageFlipped(FaultEnvironment scene) throws IOException {
        Key<String> small = Key.text("small");
        try (Store store = Store.open(scene.file)) {
            for (int i = 0; i < 9; i++) {
                store.agent("planner")
                        .put(Key.text("k/" + i), ("needle " + i + " ").repeat(200))
                        .orThrow();
            }
            store.agent("planner").put(small, "1").orThrow();
        }
        byte[] bytes = Files.readAllBytes(scene.file);
        int at = Files.readString(scene.file, StandardCharsets.ISO_8859_1).indexOf("needle 3");
        java.util.Arrays.fill(bytes, at / PAGE * PAGE, at / PAGE * PAGE + PAGE, (byte) 0x5a);
        Files.write(scene.file, bytes);
        try (Store store = Store.open(scene.file)) {
            scene.fails(() -> store.get(Key.text("k/3")));
            assertThat(store.get(small).orElseThrow().value()).isEqualTo("1");
            assertThat(store.check().findings()).isNotEmpty();
        }
    }

    static void noFolder(FaultEnvironment scene) {
        scene.fails(() -> Store.open(scene.folder.resolve("no/such/a.db")).close());
        assertThat(scene.folder).isEmptyDirectory();
    }

    static void notAFile(FaultEnvironment scene) throws IOException {
        Files.createDirectory(scene.file);
        scene.fails(() -> Store.open(scene.file).close());
        scene.fails(() -> Store.open(Path.of("/dev/null")).close());
        assertThat(scene.file).isEmptyDirectory();
    }

    static void severalNames(FaultEnvironment scene) throws IOException {
        scene.makeStore();
        Path link = Files.createLink(scene.folder.resolve("link.db"), scene.file);
        refusedUntouched(scene);
        Files.delete(link);
        scene.assertGoesOn("1");
    }

    static void readOnly(FaultEnvironment scene) {
        scene.makeStore();
        scene.mounts().readOnly(scene.folder);
        refusedUntouched(scene);
        scene.mounts().close();
        scene.assertGoesOn("1");
    }

    /** Gives a process a list of mounts in which every file system is shared with other hosts. */
    static void network(FaultEnvironment scene) throws IOException {
        LibcShim shim = LibcShim.in(scene.folder);
        Path mounts = LibcShim.mounts(scene.folder, "nfs4");
        FaultWorker doer = scene.doer(shim.environmentWith(mounts));
        FaultWorker.Answer answer = scene.note(doer.ask("open"));
        assertThat(answer.rest())
                .contains("is on a file system of type nfs4, shared with other hosts", "Use a local disk");
        assertThat(scene.file).doesNotExist();
    }

    private static void refusedUntouched(FaultEnvironment scene) {
        TreeMap<String, String> before = FolderSnapshot.of(scene.folder);
        scene.fails(() -> Store.open(scene.file).close());
        assertThat(FolderSnapshot.of(scene.folder)).isEqualTo(before);
    }
}
