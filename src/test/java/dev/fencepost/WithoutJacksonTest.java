package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.event.EventStream;
import dev.fencepost.json.Json;
import dev.fencepost.testing.JvmLauncher;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process without Jackson, an optional dependency, on its class path. */
@Timeout(120)
class WithoutJacksonTest {
    @TempDir
    Path folder;

    @Test
    void json_withoutJackson_errorNamesTheDependency() throws Exception {
        JvmLauncher launcher = JvmLauncher.quick();
        String classPath = Arrays.stream(launcher.classPath().split(File.pathSeparator))
                .filter(entry -> !entry.contains("jackson"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> lines = launcher.withClassPath(classPath)
                .run(Main.class, folder.resolve("a.db").toString())
                .orThrow()
                .lines()
                .toList();
        assertThat(lines).hasSize(7).endsWith("text");
        assertThat(lines.subList(0, 6))
                .allSatisfy(line -> assertThat(line)
                        .startsWith("invalid-input: JSON needs jackson-databind")
                        .contains("com.fasterxml.jackson.core:jackson-databind"));
    }

    /** The main class of the process. */
    static final class Main {
        private Main() {}

        public static void main(String[] args) {
            List<Supplier<Object>> all = List.of(
                    () -> Key.json("k", String.class),
                    () -> Key.json("k", String.class),
                    () -> Prefix.json("k", String.class),
                    () -> EventStream.json("k", String.class),
                    () -> Codec.json(String.class),
                    Json::standard);
            // Reflection loads the types in all signatures.
            List.of(Key.class, Prefix.class, EventStream.class, Codec.class).forEach(Class::getMethods);
            for (Supplier<Object> one : all) {
                try {
                    System.out.println(one.get());
                } catch (FencepostException e) {
                    System.out.println(e.code() + ": " + e.getMessage().replace('\n', ' '));
                }
            }
            Key<String> key = Key.text("k");
            try (Store store = Store.open(Path.of(args[0]))) {
                store.agent("a").put(key, "text").orThrow();
                System.out.println(store.get(key).orElseThrow().value());
            }
        }
    }
}
