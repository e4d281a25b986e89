package dev.fencepost.style;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The parts of a source file that people read. */
record SourceText(Path file, String content) {
    private static final List<String> ROOTS =
            List.of("src", "benchmarks", "schema", "specs", "README.md", "AGENTS.md", "CHANGELOG.md", "llms.txt");

    private static final Pattern JAVADOC = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
    private static final Pattern JAVA_PROSE =
            Pattern.compile("/\\*.*?\\*/|//[^\\n]*|\"(?:[^\"\\\\\\n]|\\\\.)*\"", Pattern.DOTALL);
    private static final Pattern SQL_PROSE = Pattern.compile("--[^\\n]*|'[^'\\n]*'");
    private static final Pattern TLA_PROSE = Pattern.compile("\\(\\*.*?\\*\\)|\\\\\\*[^\\n]*", Pattern.DOTALL);
    private static final Pattern TEST =
            Pattern.compile("@(?:Test|ParameterizedTest|RepeatedTest)\\b.*?\\bvoid (\\w+)\\(", Pattern.DOTALL);

    static SourceText of(Path file) {
        try {
            return new SourceText(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be read", e);
        }
    }

    /** Returns all sources of a checkout, but for results and the tests of the style itself. */
    static List<SourceText> all(Path root) {
        return ROOTS.stream()
                .flatMap(name -> files(root.resolve(name)).stream())
                .filter(file -> file.toString().matches(".*\\.(java|sql|tla|md)|.*llms\\.txt"))
                .filter(file -> !file.toString().contains("src/test/java/dev/fencepost/style/"))
                .filter(file -> !file.toString().contains("benchmarks/results/"))
                .sorted()
                .map(SourceText::of)
                .toList();
    }

    private static List<Path> files(Path root) {
        if (Files.notExists(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + root + "' cannot be read", e);
        }
    }

    /** Returns the comments and string literals of a program, or the whole of a page. */
    List<String> prose() {
        String name = file.toString();
        if (name.endsWith(".java")) {
            return all(JAVA_PROSE, 0);
        } else if (name.endsWith(".sql")) {
            return all(SQL_PROSE, 0);
        } else if (name.endsWith(".tla") || name.endsWith(".cfg")) {
            return all(TLA_PROSE, 0);
        }
        return List.of(content);
    }

    /** Returns the Javadoc comments, without their leading asterisks. */
    List<String> javadoc() {
        return file.toString().endsWith(".java")
                ? all(JAVADOC, 1).stream()
                        .map(comment -> comment.replaceAll("(?m)^\\s*\\* ?", "").strip())
                        .toList()
                : List.of();
    }

    /** Returns the names of the test methods. */
    List<String> testNames() {
        return file.toString().endsWith("Test.java") ? all(TEST, 1) : List.of();
    }

    private List<String> all(Pattern pattern, int group) {
        return pattern.matcher(content)
                .results()
                .map(found -> found.group(group))
                .toList();
    }
}
