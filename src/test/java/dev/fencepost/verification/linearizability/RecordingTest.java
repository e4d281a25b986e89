package dev.fencepost.verification.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.verification.linearizability.Operation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording can be read back, even if its writer was killed. */
class RecordingTest {
    @TempDir
    private Path folder;

    private static Operation operation(int index, long ended, Outcome outcome) {
        List<Access> accesses = List.of(
                Access.write("a/0", Access.mustBeAt(3), "1.7.0")
                        .seeing(3, "2.5.0")
                        .became(4),
                Access.absent("a/1"),
                Access.write("b/0", Access.mustHave("2.4.1"), Access.ABSENT));
        return new Operation(1, index, "put", 10, ended, outcome, Map.of("a/0", 2L, "b/0", 5L), accesses, "conflict");
    }

    @Test
    void incompleteOperations_areUnknown_andTornLinesIgnored() throws IOException {
        Path first = folder.resolve("first");
        Operation ended = operation(7, 20, Outcome.DONE);
        Operation killed = operation(8, Operation.NEVER, Outcome.UNKNOWN);
        try (Recorder recorder = new Recorder(first)) {
            recorder.begins(operation(7, Operation.NEVER, Outcome.UNKNOWN));
            recorder.ended(ended);
            recorder.begins(killed);
        }
        String torn = operation(8, 30, Outcome.DONE).line(true);
        Files.writeString(first, torn.substring(0, torn.length() - 1), StandardOpenOption.APPEND);
        Path second = folder.resolve("second");
        try (Recorder recorder = new Recorder(second)) {
            recorder.ended(operation(9, 40, Outcome.REFUSED));
        }
        List<Operation> read = Recording.readWorker(1, List.of(first, second));
        assertThat(read).containsExactly(ended, killed.unended(), operation(9, 40, Outcome.REFUSED));
    }
}
