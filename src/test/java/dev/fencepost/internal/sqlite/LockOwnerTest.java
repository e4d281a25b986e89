package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The owner of the write lock, from the system's list of locks. Only byte 120 of the WAL index is the write lock. */
class LockOwnerTest {
    private static final List<String> OTHERS = List.of(
            "1: POSIX  ADVISORY  WRITE 11 fe:00:999 120 120",
            "2: FLOCK  ADVISORY  WRITE 12 fe:00:77 0 EOF",
            "3: POSIX  ADVISORY  READ 13 fe:00:77 120 120",
            "4: POSIX  ADVISORY  WRITE 14 fe:00:77 121 127",
            "5: POSIX  ADVISORY  WRITE 15 fe:00:77 128 EOF",
            "6: POSIX  ADVISORY  WRITE 16 fe:00:77 0 119",
            "6: -> POSIX  ADVISORY  WRITE 17 fe:00:77 120 120",
            "some line that no version of the system has written yet");

    @ParameterizedTest
    @CsvSource({
        "7: POSIX  ADVISORY  WRITE 42 fe:00:77 120 120, 42",
        "7: POSIX  MANDATORY WRITE 42 08:01:77 120 127, 42",
        "7: POSIX  ADVISORY  WRITE 42 fe:00:77 100 120, 42",
        "7: POSIX  ADVISORY  WRITE 42 fe:00:77 0 EOF, 42",
        "12345: POSIX  ADVISORY  WRITE 42 103:0a:77 120 120, 42",
        "7: POSIX  ADVISORY  WRITE 0 fe:00:77 120 120,",
        "7: POSIX  ADVISORY  READ 42 fe:00:77 120 120,",
        "7: POSIX  ADVISORY  WRITE 42 fe:00:777 120 120,",
    })
    void owner_ofByte120InThisFile_isReported(String line, Long pid) {
        List<String> locks = new ArrayList<>(OTHERS);
        locks.add(line);
        assertThat(LockOwner.pid(locks, "77")).isEqualTo(Optional.ofNullable(pid));
    }
}
