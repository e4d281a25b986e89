package dev.fencepost.proof;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Starts processes with the class path of this one. If many processes are started, the classes are put into JAR files
 * and a class data sharing archive. The archive takes some seconds once and saves most of the start time.
 */
public final class JvmLauncher {
    private final List<String> options;

    private JvmLauncher(List<String> options) {
        this.options = options;
    }

    /** Returns a launcher that uses the class path without an archive. */
    public static JvmLauncher plain() {
        return new JvmLauncher(List.of("-cp", System.getProperty("java.class.path")));
    }

    /**
     * Returns a launcher that uses an archive, and creates the archive if it does not exist.
     *
     * @param folder the folder of the archive
     * @param training a program that loads the same classes and ends normally
     */
    public static JvmLauncher archived(Path folder, Class<?> training, String... arguments)
            throws IOException, InterruptedException {
        Path archive = folder.resolve("classes.jsa");
        List<String> options = List.of("-cp", jars(folder));
        List<String> recording = new ArrayList<>(options);
        recording.add("-XX:ArchiveClassesAtExit=" + archive);
        Process trained = new ProcessBuilder(new JvmLauncher(recording).command(training, arguments))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("archive.log").toFile())
                .start();
        if (trained.waitFor() != 0 || !Files.exists(archive)) {
            throw new IOException("No archive was made; see " + folder.resolve("archive.log"));
        }
        List<String> all = new ArrayList<>(options);
        all.add("-XX:SharedArchiveFile=" + archive);
        all.addAll(library(folder));
        return new JvmLauncher(all);
    }

    /** Returns the command line of a program. */
    public List<String> command(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xmx128m",
                "-Xshare:auto",
                "-Dslf4j.internal.verbosity=ERROR"));
        command.addAll(options);
        command.add(program.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Extracts SQLite's native library from its JAR file once. Otherwise each process extracts a copy, which a kill
     * leaves behind.
     */
    private static List<String> library(Path folder) throws IOException {
        String name = LibraryLoaderUtil.getNativeLibName();
        try (InputStream in =
                SQLiteJDBCLoader.class.getResourceAsStream(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name)) {
            if (in == null) {
                throw new IOException("no library for this machine in the jar of SQLite: " + name);
            }
            Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        return List.of("-Dorg.sqlite.lib.path=" + folder, "-Dorg.sqlite.lib.name=" + name);
    }

    private static String jars(Path folder) throws IOException {
        List<String> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path place = Path.of(entry);
            if (Files.isDirectory(place)) {
                Path jar = folder.resolve("classes-" + path.size() + ".jar");
                pack(place, jar);
                path.add(jar.toString());
            } else if (Files.exists(place)) {
                path.add(entry);
            }
        }
        return String.join(File.pathSeparator, path);
    }

    private static void pack(Path from, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out);
                Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                packed.putNextEntry(
                        new JarEntry(from.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, packed);
                packed.closeEntry();
            }
        }
    }
}
