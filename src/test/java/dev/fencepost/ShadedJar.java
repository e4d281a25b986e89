package dev.fencepost;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/** A jar with the files of an application and of all its dependencies, as shading plugins of build tools make it. */
final class ShadedJar {
    private static final String SERVICES = "META-INF/services/";

    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, ByteArrayOutputStream> services = new HashMap<>();

    private ShadedJar() {}

    /** Writes a jar. Of files with the same name the first one is kept, except that services are merged. */
    static void write(Path jar, String mainClass, List<Path> classPath) throws IOException {
        ShadedJar shaded = new ShadedJar();
        for (Path place : classPath) {
            if (Files.isDirectory(place)) {
                shaded.addFolder(place);
            } else {
                shaded.addJar(place);
            }
        }
        shaded.services.forEach((name, lines) -> shaded.files.put(name, lines.toByteArray()));
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream to = new JarOutputStream(out, manifest(mainClass))) {
            to.setLevel(Deflater.BEST_SPEED);
            for (Map.Entry<String, byte[]> file : shaded.files.entrySet()) {
                to.putNextEntry(new JarEntry(file.getKey()));
                to.write(file.getValue());
                to.closeEntry();
            }
        }
    }

    private static Manifest manifest(String mainClass) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, mainClass);
        attributes.put(Attributes.Name.MULTI_RELEASE, "true");
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        return manifest;
    }

    private void addFolder(Path folder) throws IOException {
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path file : below.filter(Files::isRegularFile).toList()) {
                add(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }

    private void addJar(Path place) throws IOException {
        try (JarFile jar = new JarFile(place.toFile())) {
            for (JarEntry entry :
                    jar.stream().filter(entry -> !entry.isDirectory()).toList()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    add(entry.getName(), in.readAllBytes());
                }
            }
        }
    }

    private void add(String name, byte[] bytes) throws IOException {
        if (name.startsWith(SERVICES)) {
            ByteArrayOutputStream lines = services.computeIfAbsent(name, any -> new ByteArrayOutputStream());
            lines.write(bytes);
            lines.write("\n".getBytes(StandardCharsets.UTF_8));
        } else if (!name.equals(JarFile.MANIFEST_NAME)
                && !name.endsWith("module-info.class")
                && !name.matches("META-INF/[^/]*\\.(SF|RSA|DSA)")) {
            files.putIfAbsent(name, bytes);
        }
    }
}
