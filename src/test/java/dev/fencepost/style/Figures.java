package dev.fencepost.style;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Figures of the sources: lines, packages, words and imports. Prints one column for each checkout that is given, so
 * that a change of the structure shows.
 */
final class Figures {
    /** The packages from top to bottom. An import from a later one to an earlier one runs upwards. */
    private static final List<String> LAYERS = List.of(
            "cli",
            "cli.demo",
            "json",
            "",
            "internal",
            "internal.history",
            "internal.saga",
            "internal.event",
            "internal.log",
            "internal.claim",
            "internal.commit",
            "internal.txn",
            "internal.read",
            "internal.process",
            "internal.sqlite",
            "internal.engine",
            "internal.sql",
            "internal.util");

    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?dev\\.fencepost\\.([a-z.]*?)\\.?[A-Z]");
    private static final Pattern TYPE = Pattern.compile(
            "(?m)^(public )?(?:abstract |final |sealed |non-sealed )*(?:class|interface|record|enum|@interface) \\w+");
    private static final Pattern VERB = Pattern.compile("^[A-Z][a-z]+s\\b");

    private final List<SourceText> sources;
    private final Map<String, String> rows = new LinkedHashMap<>();

    private Figures(Path root) {
        sources = SourceText.all(root).stream()
                .map(source -> new SourceText(root.relativize(source.file()), source.content()))
                .toList();
        lines();
        packages();
        words();
        imports();
    }

    /** Prints the figures of each checkout whose folder is given. */
    public static void main(String[] folders) {
        List<Figures> all = new ArrayList<>();
        for (String folder : folders.length == 0 ? new String[] {"."} : folders) {
            all.add(new Figures(Path.of(folder)));
        }
        all.stream()
                .flatMap(figures -> figures.rows.keySet().stream())
                .distinct()
                .forEach(row -> System.out.printf(
                        "%-44s | %s%n",
                        row,
                        all.stream()
                                .map(figures -> figures.rows.getOrDefault(row, "-"))
                                .collect(Collectors.joining(" | "))));
    }

    private void lines() {
        long java = 0;
        Map<String, Predicate<String>> parts = new LinkedHashMap<>();
        parts.put("src/main/java", file -> file.startsWith("src/main/java/"));
        parts.put("src/test/java", file -> file.startsWith("src/test/java/"));
        parts.put("benchmarks", file -> file.startsWith("benchmarks/") && file.endsWith(".java"));
        for (Map.Entry<String, Predicate<String>> part : parts.entrySet()) {
            long lines = in(part.getValue()).stream()
                    .mapToLong(source -> source.content().lines().count())
                    .sum();
            rows.put("lines of " + part.getKey(), Long.toString(lines));
            java += lines;
        }
        rows.put("lines of the three together", Long.toString(java));
        rows.put("lines of schema", count(".sql"));
        rows.put("lines of specs", count(".tla"));
        rows.put("lines of pages", count(".md"));
        List<SourceText> main = main();
        rows.put(
                "lines of a main file",
                spread(main.stream()
                        .map(source -> (int) source.content().lines().count())
                        .toList()));
        rows.put(
                "lines of a main method",
                spread(main.stream()
                        .flatMap(source -> Methods.lines(source).stream())
                        .toList()));
    }

    private void packages() {
        Map<String, List<SourceText>> byPackage =
                main().stream().collect(Collectors.groupingBy(Figures::packageOf, TreeMap::new, Collectors.toList()));
        byPackage.forEach((name, files) -> rows.put(
                "files, public types of " + (name.isEmpty() ? "the root" : name),
                files.size() + ", "
                        + files.stream()
                                .filter(file ->
                                        TYPE.matcher(file.content()).results().anyMatch(type -> type.group(1) != null))
                                .count()));
    }

    private void words() {
        List<String> javadoc = in(file -> file.endsWith(".java")).stream()
                .flatMap(source -> source.javadoc().stream())
                .toList();
        rows.put("Javadoc comments", Integer.toString(javadoc.size()));
        rows.put("of them begin with a question word", share(javadoc, offences(StyleRule.JAVADOC_BEGINNING)));
        rows.put(
                "of them begin with a verb",
                share(
                        javadoc,
                        javadoc.stream()
                                .filter(text -> VERB.matcher(text).find())
                                .count()));
        rows.put("banned words", Long.toString(offences(StyleRule.BANNED_WORD)));
        rows.put("test names against the rule", Long.toString(offences(StyleRule.TEST_NAME)));
    }

    private void imports() {
        Map<String, List<String>> uses = new TreeMap<>();
        long upwards = 0;
        for (SourceText source : main()) {
            String user = packageOf(source);
            for (String used : IMPORT.matcher(source.content())
                    .results()
                    .map(Figures::layer)
                    .toList()) {
                uses.computeIfAbsent(user, any -> new ArrayList<>()).add(used);
                if ((used.startsWith("internal") || used.startsWith("cli")) && rank(used) < rank(user)) {
                    upwards++;
                }
            }
        }
        rows.put("imports that run upwards", Long.toString(upwards));
        rows.put("pairs of inner packages in a cycle", Long.toString(pairsInCycle(uses)));
    }

    private static long pairsInCycle(Map<String, List<String>> uses) {
        return uses.keySet().stream()
                .filter(name -> name.startsWith("internal"))
                .flatMap(name -> uses.get(name).stream()
                        .distinct()
                        .filter(other -> other.startsWith("internal") && name.compareTo(other) < 0)
                        .filter(other -> uses.getOrDefault(other, List.of()).contains(name)))
                .count();
    }

    private static String layer(MatchResult found) {
        return found.group(1);
    }

    /** Returns the place of a package from the top; the packages of the interface share one. */
    private static int rank(String name) {
        int rank = LAYERS.indexOf(name);
        return rank < 0 ? LAYERS.indexOf("") : rank;
    }

    private long offences(StyleRule rule) {
        return sources.stream()
                .mapToLong(source -> rule.offences(source).size())
                .sum();
    }

    private List<SourceText> main() {
        return in(file -> file.startsWith("src/main/java/dev/fencepost/"));
    }

    private List<SourceText> in(Predicate<String> files) {
        return sources.stream()
                .filter(source -> files.test(source.file().toString()))
                .toList();
    }

    private String count(String end) {
        return Long.toString(in(file -> file.endsWith(end)).stream()
                .mapToLong(source -> source.content().lines().count())
                .sum());
    }

    private static String packageOf(SourceText source) {
        String folder = source.file().getParent().toString().replace("src/main/java/dev/fencepost", "");
        return folder.replaceFirst("^/", "").replace('/', '.');
    }

    private static String share(List<String> all, long some) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * some / all.size());
    }

    /** Returns median, 90th percentile and maximum. */
    private static String spread(List<Integer> values) {
        List<Integer> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2) + ", " + sorted.get(sorted.size() * 9 / 10) + ", "
                + sorted.get(sorted.size() - 1);
    }
}
