package dev.fencepost.testing;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The classes of this process in JAR files and in a class data sharing archive. It takes some seconds once and saves
 * most of the start time of many processes.
 */
public final class ClassArchive {
    private ClassArchive() {}

    /**
     * Creates an archive, and returns a launcher that uses it.
     *
     * @param folder the folder of the archive
     * @param training a program that loads the same classes and ends normally
     */
    public static JvmLauncher create(Path folder, Class<?> training, String... arguments) throws IOException {
        Path archive = folder.resolve("classes.jsa");
        JvmLauncher launcher = JvmLauncher.quick().withOptions("-Xmx128m").withClassPath(jars(folder));
        ExternalProgram.Output trained =
                launcher.withOptions("-XX:ArchiveClassesAtExit=" + archive).run(training, arguments);
        if (trained.code() != 0 || !Files.exists(archive)) {
            throw new IOException("No archive was made: " + trained.text());
        }
        return launcher.withOptions("-XX:SharedArchiveFile=" + archive);
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
