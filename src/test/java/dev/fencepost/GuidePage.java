package dev.fencepost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A page of the guide in Markdown, or another page for readers of the code base. */
record GuidePage(Path file, String text) {
    static final Path README = Path.of("README.md");
    static final Path FOLDER = Path.of("src/site/markdown");

    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)]*)\\)");
    private static final Pattern ANCHOR = Pattern.compile("^<a id=\"([\\w-]+)\"></a>$", Pattern.MULTILINE);
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

    static GuidePage of(Path file) {
        try {
            return new GuidePage(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be read", e);
        }
    }

    /** Returns the pages of the guide, in the order of their names. */
    static List<GuidePage> guide() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().map(GuidePage::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + FOLDER + "' cannot be listed", e);
        }
    }

    /** Returns all pages: the README, the pages for coding agents, and the guide. */
    static List<GuidePage> all() {
        return Stream.concat(
                        Stream.of(README, Path.of("AGENTS.md"), Path.of("llms.txt"))
                                .map(GuidePage::of),
                        guide().stream())
                .toList();
    }

    /** Returns the blocks of code in a language. */
    List<String> examples(String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /** Returns the language of each block of code; empty where none is named. */
    List<String> languages() {
        List<String> fences = text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("```"))
                .toList();
        return IntStream.range(0, fences.size())
                .filter(i -> i % 2 == 0)
                .mapToObj(i -> fences.get(i).substring("```".length()))
                .toList();
    }

    /** Returns the links that point to files or headings of the code base. */
    List<String> relativeLinks() {
        return LINK.matcher(withoutBlocks())
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.matches("[a-z]+:.*"))
                .toList();
    }

    /**
     * Returns the anchors that links may name. GitHub and Doxia derive different anchors from headings, so the pages of
     * the guide name theirs explicitly.
     */
    List<String> anchors() {
        return file.startsWith(FOLDER)
                ? ANCHOR.matcher(text).results().map(found -> found.group(1)).toList()
                : HEADING.matcher(withoutBlocks())
                        .results()
                        .map(GuidePage::anchor)
                        .toList();
    }

    private static String anchor(MatchResult heading) {
        return heading.group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w -]", "")
                .replace(' ', '-');
    }

    private String withoutBlocks() {
        return BLOCK.matcher(text).replaceAll("");
    }

    int lines() {
        return (int) text.lines().count();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
