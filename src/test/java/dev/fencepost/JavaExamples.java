package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Examples in Java. Each is compiled, and run on a store of its own. */
final class JavaExamples {
    private static final Pattern WHOLE = Pattern.compile("public class (\\w+)");
    private static final Pattern STORE = Pattern.compile("Path\\.of\\(\"([\\w.-]+)\"\\)");

    private final Path folder;

    JavaExamples(Path folder) {
        this.folder = folder;
    }

    void run(List<String> examples) throws Exception {
        List<Path> sources = new ArrayList<>();
        for (String example : examples) {
            String name = "Example" + sources.size();
            String source = onItsOwnStore(example);
            Matcher whole = WHOLE.matcher(source);
            sources.add(Files.writeString(
                    folder.resolve(name + ".java"),
                    whole.find() ? source.replace("class " + whole.group(1), "class " + name) : wrapped(name, source)));
        }
        compile(sources);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            for (int i = 0; i < sources.size(); i++) {
                Method main = loader.loadClass("Example" + i).getMethod("main", String[].class);
                main.invoke(null, (Object)
                        new String[] {folder.resolve("agents" + i + ".db").toString()});
            }
        }
    }

    private static String onItsOwnStore(String example) {
        return STORE.matcher(example.replace("Path.of(\"agents.db\")", "Path.of(args[0])"))
                .replaceAll("Path.of(args[0] + \"-$1\")");
    }

    private static String wrapped(String name, String example) {
        Map<Boolean, String> lines = example.lines()
                .collect(Collectors.partitioningBy(line -> line.startsWith("import "), Collectors.joining("\n")));
        return """
            import dev.fencepost.*;
            import dev.fencepost.event.*;
            import dev.fencepost.history.*;
            import dev.fencepost.saga.*;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.util.List;
            %s

            public class %s {
                public static void main(String[] args) {
                    Key<String> plan = Key.text("plans/launch");
                    try (Store store = Store.open(Path.of(args[0]))) {
                        Agent planner = store.agent("planner");
                        %s
                    }
                }
            }
            """.formatted(lines.get(true), name, lines.get(false));
    }

    private void compile(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-d",
                    folder.toString(),
                    "-cp",
                    System.getProperty("java.class.path") + File.pathSeparator);
            boolean compiled = compiler.getTask(
                            output, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(output.toString()).isTrue();
        }
    }
}
