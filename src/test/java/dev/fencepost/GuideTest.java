package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples in the README and in the guide compile and run, and the links resolve. */
class GuideTest {
    private static final int MOST_README_LINES = 150;
    private static final int MOST_PAGE_LINES = 250;
    private static final int MOST_AGENTS_LINES = 80;

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("pagesWithJava")
    void examplesInJava_compileAndRun(GuidePage page) throws Exception {
        new JavaExamples(folder).run(page.examples("java"));
    }

    @ParameterizedTest
    @MethodSource("pagesWithShell")
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the examples are for a POSIX shell")
    void examplesForTheShell_succeed(GuidePage page) throws Exception {
        new ShellExamples(folder).run(page.examples("sh"));
    }

    @ParameterizedTest
    @MethodSource("pagesWithSql")
    void examplesInSql_areAnsweredByTheFile(GuidePage page) throws Exception {
        Path file = folder.resolve("agents.db");
        try (Store store = Store.open(file)) {
            store.agent("planner").put(Key.text("plans/launch"), "draft");
            for (String example : page.examples("sql")) {
                for (String statement : example.split(";", -1)) {
                    if (!statement.isBlank()) {
                        SqlPrompt.run(file, statement);
                    }
                }
            }
            assertThat(store.get(Key.text("plans/launch")).orElseThrow().value())
                    .isEqualTo("paused");
            assertThat(store.get(Key.text("plans/launch")).orElseThrow().writer())
                    .isEqualTo("sql");
        }
    }

    @Test
    void guide_hasExamplesInEveryLanguage() {
        assertThat(count("java")).isGreaterThanOrEqualTo(20);
        assertThat(count("sql")).isGreaterThanOrEqualTo(3);
        assertThat(count("sh")).isGreaterThanOrEqualTo(12);
        GuidePage readme = GuidePage.of(GuidePage.README);
        assertThat(readme.examples("java")).isNotEmpty();
        assertThat(readme.examples("sh")).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyBlock_isOfATestedLanguage(GuidePage page) {
        assertThat(page.languages()).isSubsetOf("java", "sh", "sql", "text", "xml");
        assertThat(page.languages())
                .allMatch(language -> !page.examples(language).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void relativeLinks_resolve(GuidePage page) {
        for (String link : page.relativeLinks()) {
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty()
                    ? page.file()
                    : page.file().resolveSibling(parts[0]).normalize();
            assertThat(target).as(link).exists();
            if (parts.length == 2) {
                assertThat(GuidePage.of(target).anchors()).as(link).contains(parts[1]);
            }
        }
    }

    @Test
    void pages_areShort() {
        assertThat(GuidePage.of(GuidePage.README).lines()).isLessThanOrEqualTo(MOST_README_LINES);
        assertThat(GuidePage.of(Path.of("AGENTS.md")).lines()).isLessThanOrEqualTo(MOST_AGENTS_LINES);
        assertThat(GuidePage.guide()).allMatch(page -> page.lines() <= MOST_PAGE_LINES);
    }

    @Test
    void everyPage_isInMenuAndIndexes() throws IOException {
        String menu = Files.readString(Path.of("src/site/site.xml"));
        List<String> index = GuidePage.of(GuidePage.FOLDER.resolve("index.md")).relativeLinks();
        List<String> readme = GuidePage.of(GuidePage.README).relativeLinks();
        List<String> llms = GuidePage.of(Path.of("llms.txt")).relativeLinks();
        for (GuidePage page : GuidePage.guide()) {
            String name = page.file().getFileName().toString();
            assertThat(menu).contains("href=\"" + name.replace(".md", ".html") + "\"");
            assertThat(readme).contains(page.toString());
            assertThat(llms).contains(page.toString());
            if (!name.equals("index.md")) {
                assertThat(index).contains(name);
            }
        }
    }

    @Test
    void typesNamedInInternals_exist() throws IOException {
        String code = sources();
        List<String> names = Pattern.compile("`(?:\\w+\\.)*([A-Z][a-z]\\w*)[\\w.]*`")
                .matcher(GuidePage.of(GuidePage.FOLDER.resolve("internals.md")).text())
                .results()
                .map(name -> name.group(1))
                .distinct()
                .toList();
        assertThat(names).hasSizeGreaterThan(50);
        assertThat(names)
                .allMatch(name -> Pattern.compile("\\b(?:class|record|interface|enum) " + name + "\\b")
                        .matcher(code)
                        .find());
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Stream.concat(
                Files.walk(Path.of("src/main/java")), Files.list(Path.of("src/test/java/dev/fencepost")))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(GuideTest::read)
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be read", e);
        }
    }

    private static int count(String language) {
        return pages().stream().mapToInt(page -> page.examples(language).size()).sum();
    }

    static List<GuidePage> pages() {
        return GuidePage.all();
    }

    static List<GuidePage> pagesWithJava() {
        return pagesWith("java");
    }

    static List<GuidePage> pagesWithShell() {
        return pagesWith("sh");
    }

    static List<GuidePage> pagesWithSql() {
        return pagesWith("sql");
    }

    private static List<GuidePage> pagesWith(String language) {
        return pages().stream()
                .filter(page -> !page.examples(language).isEmpty())
                .toList();
    }
}
