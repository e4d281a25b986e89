package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fencepost.testing.JvmLauncher;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the command line in this process, with its own shell. */
public final class Cli {
    private final Map<String, String> environment = new HashMap<>();
    private byte[] in = new byte[0];
    private boolean terminal;

    private Cli() {}

    public static Cli on(Path store) {
        return new Cli().with("FENCEPOST_STORE", store.toString()).with("FENCEPOST_AGENT", "planner");
    }

    public Cli with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public Cli in(byte[] bytes) {
        in = bytes.clone();
        return this;
    }

    Cli atTerminal() {
        terminal = true;
        return this;
    }

    public Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell = new Shell(
                new ByteArrayInputStream(in),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                terminal);
        int code = Main.run(List.of(args), shell);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Returns the command that runs the command line in a separate process. */
    static List<String> process(String... args) {
        return JvmLauncher.quick().command(Main.class, args);
    }

    public record Result(int code, String out, String err) {
        public Result exits(int expected) {
            assertThat(code).as("exit code; out: %s; err: %s", out, err).isEqualTo(expected);
            return this;
        }

        /** Returns the printed output as one JSON object. */
        JsonNode json() {
            List<JsonNode> lines = jsonLines();
            assertThat(lines).hasSize(1);
            return lines.get(0);
        }

        public List<JsonNode> jsonLines() {
            return out.lines().map(Result::parse).toList();
        }

        private static JsonNode parse(String line) {
            try {
                return new ObjectMapper().readTree(line);
            } catch (JsonProcessingException e) {
                throw new AssertionError("This is no JSON: " + line, e);
            }
        }
    }
}
