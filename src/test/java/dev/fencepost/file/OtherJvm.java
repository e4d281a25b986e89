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
import dev.fencepost.testing.ExternalProgram;
import dev.fencepost.testing.JvmLauncher;
import io.leangen.geantyref.GenericTypeReflector;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
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

    // Without the shared library of SQLite: the tests are about its loading, too.
    private JvmLauncher launcher = JvmLauncher.plain()
            .withOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dslf4j.internal.verbosity=ERROR");

    /** Adds an option of the JVM. */
    OtherJvm option(String option) {
        launcher = launcher.withOptions(option);
        return this;
    }

    /** Puts jars before all others on the class path. */
    OtherJvm classPathFirst(List<Path> jars) {
        return classPath(Stream.concat(jars.stream().map(Path::toString), Stream.of(launcher.classPath())));
    }

    /** Reduces the class path to this class, the library in a jar, and the library's dependencies. */
    OtherJvm leanClassPath(Path jar) {
        Path classes = origin(Store.class);
        if (Files.isDirectory(classes)) {
            ExternalProgram.output(
                    launcher.java().resolveSibling("jar").toString(),
                    "cf",
                    jar.toString(),
                    "-C",
                    classes.toString(),
                    ".");
        }
        Path library = Files.isDirectory(classes) ? jar : classes;
        return classPath(Stream.concat(Stream.of(library, origin(OtherJvm.class)), libraries().stream())
                .map(Path::toString));
    }

    /** Copies the class path to a folder that every user can read. */
    OtherJvm copiedTo(Path folder) {
        List<String> copies = new ArrayList<>();
        for (String place : launcher.classPath().split(File.pathSeparator, -1)) {
            Path copy = folder.resolve(Path.of(place).getFileName());
            ExternalProgram.output(
                    "bash",
                    "-c",
                    "mkdir -p -m 755 \"$2\" && cp -rL \"$1\" \"$2\" && chmod -R a+rX \"$2\"",
                    "bash",
                    place,
                    folder.toString());
            copies.add(copy.toString());
        }
        return classPath(copies.stream());
    }

    private OtherJvm classPath(Stream<String> entries) {
        launcher = launcher.withClassPath(entries.collect(Collectors.joining(File.pathSeparator)));
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
        launcher = launcher.wrappedBy("bash", "-c", command, "bash");
        return this;
    }

    /** Runs the JVM, which opens a store. Returns its output. */
    String open(Path file, String... arguments) {
        List<String> all = new ArrayList<>(List.of(file.toString()));
        all.addAll(List.of(arguments));
        return launcher.run(OtherJvm.class, all.toArray(String[]::new)).text().strip();
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
