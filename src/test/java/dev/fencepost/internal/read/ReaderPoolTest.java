package dev.fencepost.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Durability;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.StorageException;
import dev.fencepost.internal.commit.QueueFixture;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.VersionTables;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReaderPoolTest extends QueueFixture {
    private static final Key<String> PLAN = Key.text("plans/launch");

    @BeforeEach
    void open() {
        open(folder.resolve("agents.db"), Durability.PROCESS_DEATH);
    }

    private long read() {
        return reads.read(session -> new VersionTables(session).lastSequence());
    }

    private void put() {
        queue.await(puttingInto(PLAN, "new"));
    }

    static Stream<Throwable> whatIsNotExpected() {
        return Stream.of(new AssertionError("not expected"), new IllegalStateException("not expected"));
    }

    /** Otherwise its connection would stay in the old snapshot. */
    @ParameterizedTest
    @MethodSource("whatIsNotExpected")
    void throwingRead_doesNotFixTheNextSnapshot(Throwable thrown) {
        put();
        long before = read();
        assertThatThrownBy(() -> reads.read(endingInTheMiddle(thrown))).isSameAs(thrown);
        put();
        assertThat(read()).isGreaterThan(before);
    }

    /** Its transaction may still be open. */
    @Test
    void sessionWhoseRollbackFailed_isNotUsedAgain() {
        Session[] first = new Session[1];
        assertThatThrownBy(() -> reads.read(session -> {
                    first[0] = session;
                    return session.change("COMMIT");
                }))
                .isInstanceOf(StorageException.class);
        assertThat(reads.<Session>read(session -> session)).isNotSameAs(first[0]);
    }

    @Test
    void statementsOfOneRead_seeTheSameCommits() {
        put();
        List<Long> seen = reads.read(session -> {
            long before = new VersionTables(session).lastSequence();
            put();
            return List.of(before, new VersionTables(session).lastSequence());
        });
        assertThat(seen.get(1)).isEqualTo(seen.get(0));
        assertThat(read()).isGreaterThan(seen.get(1));
    }

    private static Function<Session, Long> endingInTheMiddle(Throwable thrown) {
        return session -> {
            new VersionTables(session).lastSequence();
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        };
    }

    @Test
    void refusedRead_costsNoConnection() {
        Session[] first = new Session[1];
        assertThatThrownBy(() -> reads.read(session -> {
                    first[0] = session;
                    throw new InvalidInputException("refused");
                }))
                .isInstanceOf(InvalidInputException.class);
        assertThat(reads.<Session>read(session -> session)).isSameAs(first[0]);
    }
}
