package dev.fencepost.verification.linearizability;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A deliberate bug in the library. Some sources are changed, compiled, and put in front of the library on the class
 * path of the processes. Triggers in the file would refuse the effects of some bugs; such triggers are removed from the
 * schema.
 */
final class SeededBug {
    private static final Path SOURCES = Path.of("src/main/java/dev/fencepost/internal");
    private static final Path SCHEMA = Path.of("schema/sqlite");

    private record Change(Path source, String from, String to) {}

    private final String name;
    private final List<Change> changes = new ArrayList<>();

    private SeededBug(String name) {
        this.name = name;
    }

    static SeededBug of(String name) {
        return new SeededBug(name);
    }

    /** Changes a class; the text to replace must occur exactly once. */
    SeededBug in(String source, String from, String to) {
        changes.add(new Change(SOURCES.resolve(source), from, to));
        return this;
    }

    /** Changes the schema; the text to replace must occur exactly once. */
    SeededBug inSchema(String script, String from, String to) {
        changes.add(new Change(SCHEMA.resolve(script), from, to));
        return this;
    }

    /** Removes a trigger from the schema. */
    SeededBug withoutTrigger(String script, String trigger) throws IOException {
        for (String statement : Files.readString(SCHEMA.resolve(script)).split("\n\n")) {
            if (Pattern.compile("^CREATE TRIGGER " + trigger + " ", Pattern.MULTILINE)
                    .matcher(statement)
                    .find()) {
                return inSchema(script, statement, "");
            }
        }
        throw new IllegalArgumentException("there is no trigger " + trigger);
    }

    /**
     * Compiles the changed classes into a folder, copies the changed scripts there, and returns a class path that
     * begins with it.
     */
    String classPath(Path folder) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<Path> compiled = new ArrayList<>();
        for (Path source : changes.stream().map(Change::source).distinct().toList()) {
            boolean script = source.startsWith(SCHEMA);
            Path changed = script
                    ? classes.resolve("META-INF/fencepost/schema/sqlite").resolve(source.getFileName())
                    : sources.resolve(source.getFileName());
            Files.createDirectories(changed.getParent());
            Files.writeString(changed, changed(source));
            if (!script) {
                compiled.add(changed);
            }
        }
        compile(compiled, classes);
        return classes + File.pathSeparator + System.getProperty("java.class.path");
    }

    private String changed(Path source) throws IOException {
        String text = Files.readString(source);
        for (Change change : changes) {
            if (change.source().equals(source)) {
                int at = text.indexOf(change.from());
                if (at < 0 || text.indexOf(change.from(), at + 1) >= 0) {
                    throw new IllegalStateException("'" + change.from() + "' is not exactly once in " + source);
                }
                text = text.replace(change.from(), change.to());
            }
        }
        return text;
    }

    private static void compile(List<Path> sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(
                            null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!compiled) {
                throw new IllegalStateException("the changed sources do not compile: " + sources);
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
