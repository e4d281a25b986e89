package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.testing.Jdk;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A small program that uses the packaged library, compiled and run in other JVMs. */
final class ConsumerProgram {
    static final Path LIBRARY = Path.of("target/fencepost.jar");
    static final Path LAUNCHER = Path.of("target/fencepost-cli.jar");
    static final Path DEPENDENCIES = Path.of("target/lib");

    /** The output of the program in which the store was served. */
    static final String SERVED = "step 7";

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

    private static final String MODULE = """
            module app {
                requires com.fasterxml.jackson.databind;
                requires dev.fencepost;

                opens app to
                        com.fasterxml.jackson.databind;
            }
            """;

    private final Path folder;

    /** Creates a program whose files are in a folder. */
    ConsumerProgram(Path folder) {
        this.folder = folder;
    }

    /** Skips a test if the jars are missing. */
    static void assumeBuilt() {
        assumeTrue(
                Stream.of(LIBRARY, LAUNCHER, DEPENDENCIES).allMatch(Files::exists),
                "the jars are built in Maven's phase package");
    }

    /** Returns the jars that the library needs, with the optional ones. */
    static List<Path> dependencies() throws IOException {
        return jars(DEPENDENCIES);
    }

    static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    static String path(Collection<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** Returns the folder of the compiled classes. */
    Path classes() {
        return folder.resolve("app");
    }

    /** Compiles the program with the given options; a warning is an error. */
    ConsumerProgram compile(String... options) throws IOException {
        return compile(List.of(options), source("Main.java", MAIN));
    }

    /** Compiles the program as a module; a warning is an error. */
    ConsumerProgram compileModule(String modulePath) throws IOException {
        return compile(List.of("-p", modulePath), source("module-info.java", MODULE), source("Main.java", MAIN));
    }

    private ConsumerProgram compile(List<String> options, Path... sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> all = Stream.concat(
                            Stream.of(
                                    "-Xlint:all",
                                    "-Werror",
                                    "-proc:none",
                                    "--release",
                                    "17",
                                    "-d",
                                    classes().toString()),
                            options.stream())
                    .toList();
            boolean compiled = compiler.getTask(output, manager, null, all, null, manager.getJavaFileObjects(sources))
                    .call();
            assertThat(compiled).as(output.toString()).isTrue();
        }
        return this;
    }

    /** Compiles the program as a module that stores text and does not use Jackson; a warning is an error. */
    ConsumerProgram compileModuleOfText(String modulePath) throws IOException {
        String main = MAIN.replace(
                        "Key<Plan> key = Key.json(\"plan\", Plan.class)", "Key<String> key = Key.text(\"plan\")")
                .replace("new Plan(7)", "\"7\"")
                .replace("value().step()", "value()");
        Path module = source("module-info.java", "module app { requires dev.fencepost; }");
        return compile(List.of("-p", modulePath), module, source("Main.java", main));
    }

    private Path source(String name, String text) throws IOException {
        return Files.writeString(
                Files.createDirectories(folder.resolve("source")).resolve(name), text);
    }

    /** Runs the program with a new file. Returns its output and its errors. */
    String run(Jdk jdk, String... options) throws IOException {
        String file = Files.createTempDirectory(folder, "data").resolve("a.db").toString();
        return jdk.run(Stream.concat(Stream.of(options), Stream.of(file)).toArray(String[]::new));
    }
}
