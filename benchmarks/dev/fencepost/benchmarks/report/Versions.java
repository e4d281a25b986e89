package dev.fencepost.benchmarks.report;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.openjdk.jmh.util.Version;
import org.sqlite.SQLiteJDBCLoader;

/** The versions of the software that every experiment uses. */
public final class Versions {
    private static final String UNKNOWN = "unknown";
    private static final long PATIENCE_SECONDS = 30;

    private Versions() {}

    /** Returns the versions by name. */
    public static Map<String, String> here() throws SQLException {
        Map<String, String> versions = new TreeMap<>();
        versions.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        versions.put("sqlite", sqlite());
        versions.put("sqlite-jdbc", SQLiteJDBCLoader.getVersion());
        versions.put("jdbi", ofJar(Jdbi.class));
        versions.put("caffeine", ofJar(Caffeine.class));
        versions.put("jmh", Version.getPlainVersion());
        return versions;
    }

    /** Returns the commit of the repository in the working folder, followed by '+' if files differ from it. */
    public static String commit() throws IOException, InterruptedException {
        Optional<String> commit = git("rev-parse", "--short=12", "HEAD");
        Optional<String> changes = git("status", "--porcelain", "--untracked-files=no");
        return commit.map(name -> name + (changes.orElse("").isEmpty() ? "" : "+"))
                .orElse(UNKNOWN);
    }

    /** Returns the version inside the driver, not that of an installed library. */
    private static String sqlite() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT sqlite_version()")) {
            return answer.getString(1);
        }
    }

    private static String ofJar(Class<?> type) {
        return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse(UNKNOWN);
    }

    private static Optional<String> git(String command, String... options) throws IOException, InterruptedException {
        Process git;
        try {
            String[] words = new String[options.length + 2];
            words[0] = "git";
            words[1] = command;
            System.arraycopy(options, 0, words, 2, options.length);
            git = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return Optional.empty();
        }
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return git.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && git.exitValue() == 0
                ? Optional.of(said)
                : Optional.empty();
    }
}
