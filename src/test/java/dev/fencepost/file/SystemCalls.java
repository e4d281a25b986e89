package dev.fencepost.file;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.testing.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The system calls of a process, from the output of a tracer. */
final class SystemCalls {
    private static final Pattern BEGUN = Pattern.compile("(\\d+) +(\\w+)\\((?:\\d+<([^>]*)>|\"([^\"]*)\")(.*)");
    private static final Pattern LENGTH = Pattern.compile(", \"\"\\.*, (\\d+)");

    private final Path log;

    SystemCalls(Path log) {
        this.log = log;
    }

    /**
     * A call that has begun.
     *
     * @param thread the number of the calling thread
     * @param path the path of the file that the call is for
     * @param rest the rest of the line
     */
    record Call(String thread, String name, String path, String rest) {
        boolean isForce(String suffix) {
            return name.endsWith("sync") && path.endsWith(suffix);
        }

        boolean isWrite(String suffix) {
            return name.contains("write") && path.endsWith(suffix);
        }

        /** Returns the number of bytes to write. */
        long bytes() {
            Matcher length = LENGTH.matcher(rest);
            return length.find() ? Long.parseLong(length.group(1)) : 0;
        }
    }

    /** Skips the test if there is no tracer. */
    static void assumeTraceable() {
        assumeTrue(
                ExternalProgram.succeeds("strace", "-V"),
                "strace is not installed, and without it no test sees or disturbs the calls of a process");
    }

    /** Returns the beginning of the command line of a traced process. */
    String[] traced(String... expressions) {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-y", "-s", "0", "-o", log.toString()));
        for (String expression : expressions) {
            command.addAll(List.of("-e", expression));
        }
        return command.toArray(String[]::new);
    }

    /** Returns the calls in the order of their beginnings. In one thread, each has ended before the next begins. */
    List<Call> begun() throws IOException {
        List<Call> calls = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            Matcher begun = BEGUN.matcher(line);
            if (begun.matches()) {
                String path = begun.group(3) == null ? begun.group(4) : begun.group(3);
                calls.add(new Call(begun.group(1), begun.group(2), path, begun.group(5)));
            }
        }
        return calls;
    }
}
