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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the README compile, and run. */
class ReadmeTest {
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SQL = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void examplesInJava_compileAndRun() throws Exception {
        List<Path> sources = new ArrayList<>();
        for (String example : blocks(JAVA)) {
            String name = "Example" + sources.size();
            boolean whole = example.contains("public class Start");
            String source = whole
                    ? example.replace("class Start", "class " + name)
                            .replace("Path.of(\"agents.db\")", "Path.of(args[0])")
                    : wrapped(name, example);
            sources.add(Files.writeString(folder.resolve(name + ".java"), source));
        }
        assertThat(sources).hasSizeGreaterThanOrEqualTo(4);
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

    @Test
    void examplesInSql_areAnsweredByTheFile() throws Exception {
        Path file = folder.resolve("agents.db");
        try (Store store = Store.open(file)) {
            store.agent("planner").put(Key.text("plans/launch"), "draft").orThrow();
            for (String example : blocks(SQL)) {
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

    private static List<String> blocks(Pattern pattern) throws IOException {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(Files.readString(Path.of("README.md")));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static String wrapped(String name, String example) {
        return """
                import dev.fencepost.*;
                import java.nio.file.Path;
                import java.time.Duration;
                import java.util.List;

                public class %s {
                    public static void main(String[] args) {
                        Key<String> plan = Key.text("plans/launch");
                        try (Store store = Store.open(Path.of(args[0]))) {
                            Agent planner = store.agent("planner");
                            %s
                        }
                    }
                }
                """.formatted(name, example);
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
