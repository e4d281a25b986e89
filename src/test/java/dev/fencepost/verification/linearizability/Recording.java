package dev.fencepost.verification.linearizability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A complete history.
 *
 * @param operations the operations of all processes
 * @param kept the final content of the store, each key's versions in order
 */
record Recording(List<Operation> operations, List<StoredVersions> kept) {
    Recording {
        operations = List.copyOf(operations);
        kept = List.copyOf(kept);
    }

    /** Reads the operations of one worker; each process that it ran in wrote one file. */
    static List<Operation> readWorker(int worker, List<Path> files) throws IOException {
        Map<Integer, Operation> operations = new LinkedHashMap<>();
        for (Path file : files) {
            for (String line : wholeLines(file)) {
                Operation operation = Operation.parse(worker, line);
                operations.put(operation.index(), line.charAt(0) == 'B' ? operation.unended() : operation);
            }
        }
        return new ArrayList<>(operations.values());
    }

    static List<StoredVersions> readKept(Path file) throws IOException {
        return wholeLines(file).stream().map(StoredVersions::parse).toList();
    }

    /** Reads the complete lines. The last line may be torn if the process was killed. */
    private static List<String> wholeLines(Path file) throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }
}
