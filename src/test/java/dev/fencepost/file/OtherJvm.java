package dev.fencepost.file;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.fencepost.Codec;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.event.EventStream;
import io.leangen.geantyref.GenericTypeReflector;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.sqlite.JDBC;

/** A separate JVM that opens a store, writes, reads and closes, with given options, class path and shell. */
final class OtherJvm {
    /** The output of a JVM in which the store was served. */
    static final String SERVED = "served 1";

    /** The argument that uses values as JSON, in each way. */
    static final String JSON = "json";

    /** The argument that accepts an untrusted file system. */
    static final String UNTRUSTED = "untrusted";

    /** The argument that prints the mode and owner of the writer queue's file, if this process has it open. */
    static final String WRITER_QUEUE = "queue";

    private final List<String> options = new ArrayList<>();
    private String classPath = System.getProperty("java.class.path");
    private String shell = "exec \"$@\"";

    /** Adds an option of the JVM. */
    OtherJvm option(String option) {
        options.add(option);
        return this;
    }

    /** Puts jars before all others on the class path. */
    OtherJvm classPathFirst(List<Path> jars) {
        classPath = jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))
                + File.pathSeparator
                + classPath;
        return this;
    }

    /** Reduces the class path to this class, the library in a jar, and the library's dependencies. */
    OtherJvm leanClassPath(Path jar) {
        Path classes = origin(Store.class);
        if (Files.isDirectory(classes)) {
            output(List.of(
                    java().resolveSibling("jar").toString(), "cf", jar.toString(), "-C", classes.toString(), "."));
        }
        Path library = Files.isDirectory(classes) ? jar : classes;
        classPath = Stream.concat(Stream.of(library, origin(OtherJvm.class)), libraries().stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        return this;
    }

    /** Copies the class path to a folder that every user can read. */
    OtherJvm copiedTo(Path folder) {
        List<String> copies = new ArrayList<>();
        for (String place : classPath.split(File.pathSeparator, -1)) {
            Path copy = folder.resolve(Path.of(place).getFileName());
            output(List.of(
                    "bash",
                    "-c",
                    "mkdir -p -m 755 \"$2\" && cp -rL \"$1\" \"$2\" && chmod -R a+rX \"$2\"",
                    "bash",
                    place,
                    folder.toString()));
            copies.add(copy.toString());
        }
        classPath = String.join(File.pathSeparator, copies);
        return this;
    }

    /** Returns the locations of the library's classes and of its tests' classes. */
    static List<Path> ownPlaces() {
        return List.of(origin(Store.class), origin(OtherJvm.class));
    }

    /** Returns the jars that the library requires. */
    static List<Path> libraries() {
        return Stream.of(JDBC.class, Jdbi.class, GenericTypeReflector.class, Caffeine.class, Logger.class)
                .map(OtherJvm::origin)
                .toList();
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Sets the shell command that starts the JVM; its arguments are {@code "$@"}.
     */
    OtherJvm shell(String command) {
        shell = command;
        return this;
    }

    /** Runs the JVM, which opens a store. Returns its output. */
    String open(Path file, String... arguments) {
        List<String> command = new ArrayList<>(List.of("bash", "-c", shell, "bash", java().toString()));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dslf4j.internal.verbosity=ERROR"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, OtherJvm.class.getName(), file.toString()));
        command.addAll(List.of(arguments));
        return output(command);
    }

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** Runs a command, and returns its output. */
    static String output(List<String> command) {
        try {
            // To a file: a process without free descriptors may end without closing a pipe.
            Path out = Files.createTempFile("fencepost-other-jvm", ".txt");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            process.waitFor();
            String text = new String(Files.readAllBytes(out), StandardCharsets.UTF_8).strip();
            Files.delete(out);
            return text;
        } catch (IOException e) {
            throw new AssertionError(command + " could not be run", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** The main method of the other JVM. */
    public static void main(String[] args) {
        List<String> arguments = List.of(args);
        if (arguments.contains(JSON)) {
            run(() -> Codec.json(String.class));
            run(() -> Key.json("a", String.class));
            run(() -> Prefix.json("a", String.class));
            run(() -> EventStream.json("a", String.class));
        } else {
            run(() -> open(Path.of(args[0]), arguments));
        }
    }

    private static void open(Path file, List<String> arguments) {
        Key<String> key = Key.text("a");
        StoreConfig config = StoreConfig.of(file).withUntrustedFileSystem(arguments.contains(UNTRUSTED));
        try (Store store = Store.open(config)) {
            store.agent("other").put(key, "1").orThrow();
            System.out.println("served " + store.get(key).orElseThrow().value());
            if (arguments.contains(WRITER_QUEUE)) {
                System.out.println("queue " + openWriterQueue(Path.of(file + "-queue")));
            }
        }
    }

    private static String openWriterQueue(Path writerQueue) {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            if (open.noneMatch(link -> writerQueue.equals(target(link)))) {
                return "is not open";
            }
            PosixFileAttributes seen = Files.readAttributes(writerQueue, PosixFileAttributes.class);
            return PosixFilePermissions.toString(seen.permissions()) + " of " + seen.owner() + " " + seen.group();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            // Closed since the listing.
            return link;
        }
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (UnusableStoreException e) {
            System.out.println("refused " + e.reason() + ": " + e.getMessage());
        } catch (FencepostException e) {
            System.out.println(e.code() + (e.retryable() ? " for now: " : ": ") + e.getMessage());
        }
    }
}
