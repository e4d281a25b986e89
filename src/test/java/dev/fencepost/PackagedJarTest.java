package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jars, used as a user would. Maven runs this test after packaging. */
class PackagedJarTest {
    private static final Path LIBRARY = Path.of("target/fencepost.jar");
    private static final Path LAUNCHER = Path.of("target/fencepost-cli.jar");
    private static final Path DEPENDENCIES = Path.of("target/lib");

    private static final String MAIN = """
            package app;

            import dev.fencepost.Key;
            import dev.fencepost.Store;
            import java.nio.file.Path;

            public class Main {
                public record Plan(int step) {}

                public static void main(String[] args) {
                    try (Store store = Store.open(Path.of(args[0]))) {
                        Key<Plan> key = Key.json("plan", Plan.class);
                        store.agent("planner").put(key, new Plan(7)).orThrow();
                        System.out.println("step " + store.get(key).orElseThrow().value().step());
                    }
                }
            }
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void built() {
        assumeTrue(
                Stream.of(LIBRARY, LAUNCHER, DEPENDENCIES).allMatch(Files::exists),
                "the jars are built in Maven's phase package");
    }

    private static Attributes manifest(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes();
        }
    }

    private String run(String... command) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(java.toString(), "-Dslf4j.internal.verbosity=ERROR"), Stream.of(command))
                        .toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    private void compile(List<String> options, Path... sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> all = Stream.concat(
                            Stream.of(
                                    "-Xlint:all",
                                    "-Werror",
                                    "-proc:none",
                                    "-d",
                                    folder.resolve("app").toString()),
                            options.stream())
                    .toList();
            boolean compiled = compiler.getTask(output, manager, null, all, null, manager.getJavaFileObjects(sources))
                    .call();
            assertThat(compiled).as(output.toString()).isTrue();
        }
    }

    private Path source(String name, String text) throws IOException {
        return Files.writeString(
                Files.createDirectories(folder.resolve("source")).resolve(name), text);
    }

    @Test
    void library_manifest_namesNoOtherJars() throws Exception {
        assertThat(manifest(LIBRARY).getValue("Class-Path")).isNull();
        assertThat(manifest(LIBRARY).getValue("Main-Class")).isNull();
        // In a folder of its own, as in a local repository: a manifest that names jars beside it gives warnings there.
        Path alone = Files.copy(LIBRARY, folder.resolve("fencepost.jar"));
        compile(List.of("-cp", alone + File.pathSeparator + jspecify()), source("Main.java", MAIN));
    }

    private static String jspecify() throws IOException {
        try (Stream<Path> jars = Files.list(DEPENDENCIES)) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("jspecify"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    @Test
    void launcher_jar_runsTheCommandLine() throws Exception {
        String version = manifest(LIBRARY).getValue("Implementation-Version");
        assertThat(run("-jar", LAUNCHER.toString(), "--version")).isEqualTo("fencepost " + version);
        String store = folder.resolve("a.db").toString();
        for (String value : List.of("1", "2")) {
            assertThat(run("-jar", LAUNCHER.toString(), "-s", store, "put", "a", value))
                    .contains("version " + value);
        }
        assertThat(run("-jar", LAUNCHER.toString(), "-s", store, "history", "a", "--compare", "1..2"))
                .contains("+2");
    }

    @Test
    void modulePath_application_runs() throws Exception {
        String modules = LIBRARY + File.pathSeparator + DEPENDENCIES;
        Path module = source("module-info.java", """
                module app {
                    requires com.fasterxml.jackson.databind;
                    requires dev.fencepost;

                    opens app to
                            com.fasterxml.jackson.databind;
                }
                """);
        compile(List.of("-p", modules), module, source("Main.java", MAIN));
        assertThat(run(
                        "-p",
                        modules + File.pathSeparator + folder.resolve("app"),
                        "-m",
                        "app/app.Main",
                        folder.resolve("a.db").toString()))
                .isEqualTo("step 7");
    }

    @Test
    void modulePath_withoutJackson_applicationRuns() throws Exception {
        String modules;
        try (Stream<Path> jars = Files.list(DEPENDENCIES)) {
            modules = Stream.concat(Stream.of(LIBRARY), jars)
                    .map(Path::toString)
                    .filter(jar -> !jar.contains("jackson"))
                    .collect(Collectors.joining(File.pathSeparator));
        }
        Path module = source("module-info.java", "module app { requires dev.fencepost; }");
        String text = MAIN.replace(
                        "Key<Plan> key = Key.json(\"plan\", Plan.class)", "Key<String> key = Key.text(\"plan\")")
                .replace("new Plan(7)", "\"7\"")
                .replace("value().step()", "value()");
        compile(List.of("-p", modules), module, source("Main.java", text));
        assertThat(run(
                        "-p",
                        modules + File.pathSeparator + folder.resolve("app"),
                        "-m",
                        "app/app.Main",
                        folder.resolve("a.db").toString()))
                .isEqualTo("step 7");
    }
}
