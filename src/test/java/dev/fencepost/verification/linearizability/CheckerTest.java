package dev.fencepost.verification.linearizability;

import static dev.fencepost.verification.linearizability.Access.ABSENT;
import static dev.fencepost.verification.linearizability.Access.ANYTHING;
import static dev.fencepost.verification.linearizability.HistoryBuilder.by;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The checker against histories that are known to be right or wrong. */
class CheckerTest {
    private static final String X = "x";
    private static final String Y = "y";

    private static Access put(String key, int worker, long version) {
        return Access.write(key, ANYTHING, by(worker)).became(version);
    }

    private static Access putIf(String key, String demand, int worker, long version) {
        return Access.write(key, demand, by(worker)).became(version);
    }

    private static Access saw(String key, int worker, long version) {
        return Access.read(key, version, by(worker));
    }

    /** Returns the second value of a worker that writes two keys. */
    private static String also(int worker) {
        return Operation.value(worker, 0, 1);
    }

    private static void isRight(HistoryBuilder story) {
        assertThat(story.check()).isEmpty();
    }

    private static HistoryBuilder oneAfterTheOther() {
        return new HistoryBuilder()
                .done(1, 0, 10, put(X, 1, 1))
                .done(2, 20, 30, putIf(X, "v1", 2, 2))
                .done(3, 40, 50, saw(X, 2, 2))
                .refused(4, 60, 70, Access.write(X, "v1", by(4)).seeing(2, by(2)))
                .done(5, 80, 90, Access.write(X, "+", ABSENT).became(3))
                .done(6, 100, 110, Access.absent(X))
                .kept(X, by(1))
                .kept(X, by(2))
                .kept(X, ABSENT);
    }

    @Test
    void sequentialHistory_isAccepted() {
        isRight(oneAfterTheOther());
    }

    @Test
    void concurrentOperations_mayTakeAnyOrder() {
        isRight(new HistoryBuilder()
                .done(1, 0, 100, put(X, 1, 2))
                .done(2, 0, 100, put(X, 2, 1))
                .done(3, 0, 100, saw(X, 2, 1))
                .done(4, 0, 100, Access.absent(X))
                .done(5, 50, 60, saw(X, 1, 2))
                .kept(X, by(2))
                .kept(X, by(1)));
    }

    @Test
    void unansweredWrite_mayBePresentAbsentOrLate() {
        isRight(new HistoryBuilder().unknown(1, 0, put(X, 1, -1)).done(2, 10, 20, Access.absent(X)));
        isRight(new HistoryBuilder()
                .unknown(1, 0, put(X, 1, -1))
                .done(2, 10, 20, Access.absent(X))
                .done(3, 30, 40, saw(X, 1, 1))
                .kept(X, by(1)));
        isRight(new HistoryBuilder()
                .unknown(1, 0, putIf(X, "0", 1, -1))
                .done(2, 10, 20, put(X, 2, 2))
                .done(3, 30, 40, saw(X, 2, 2))
                .kept(X, by(1))
                .kept(X, by(2)));
    }

    @Test
    void unansweredWrite_takesEffectOnce_andNotBeforeItBegan() {
        HistoryBuilder before = new HistoryBuilder()
                .done(1, 0, 10, saw(X, 2, 1))
                .unknown(2, 20, put(X, 2, -1))
                .kept(X, by(2));
        assertThat(before.check()).anyMatch(words -> words.startsWith("key x is no linearizable register"));
        HistoryBuilder undone = new HistoryBuilder()
                .unknown(1, 0, put(X, 1, -1))
                .done(2, 10, 20, saw(X, 1, 1))
                .done(3, 30, 40, Access.absent(X))
                .kept(X, by(1));
        assertThat(undone.check()).anyMatch(words -> words.startsWith("key x is no linearizable register"));
        HistoryBuilder twice = new HistoryBuilder()
                .unknown(1, 0, put(X, 1, -1))
                .done(2, 10, 20, saw(X, 1, 1))
                .done(3, 30, 40, put(X, 3, 2))
                .kept(X, by(1))
                .kept(X, by(3))
                .kept(X, by(1));
        assertThat(twice.check()).anyMatch(words -> words.contains("and version 3 too"));
    }

    @Test
    void lostUpdate_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .done(1, 0, 10, put(X, 1, 1))
                .done(2, 20, 50, putIf(X, "v1", 2, 2))
                .done(3, 20, 50, putIf(X, "v1", 3, 3))
                .kept(X, by(1))
                .kept(X, by(2))
                .kept(X, by(3));
        assertThat(RegisterChecker.check(story.recording().operations())).hasSize(1);
    }

    @Test
    void lostUpdateOfTransactions_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .done(1, 0, 10, put(X, 1, 1))
                .done(2, 20, 50, put(X, 2, 2).seeing(1, by(1)))
                .done(3, 20, 50, put(X, 3, 3).seeing(1, by(1)))
                .kept(X, by(1))
                .kept(X, by(2))
                .kept(X, by(3));
        assertThat(RegisterChecker.check(story.recording().operations())).hasSize(1);
        assertThat(Dependencies.check(story.recording(), story.versions())).hasSize(1);
    }

    @Test
    void versionWrittenTwice_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .done(1, 0, 50, put(X, 1, 1))
                .done(2, 0, 50, put(X, 2, 1))
                .kept(X, by(2));
        assertThat(story.check())
                .anyMatch(words -> words.startsWith("version 1 of x was written twice"))
                .anyMatch(words -> words.startsWith("what was acknowledged is not in the store"));
    }

    @Test
    void staleRead_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .done(1, 0, 10, put(X, 1, 1))
                .done(2, 20, 30, put(X, 2, 2))
                .done(3, 40, 50, saw(X, 1, 1))
                .kept(X, by(1))
                .kept(X, by(2));
        assertThat(RegisterChecker.check(story.recording().operations()))
                .singleElement()
                .asString()
                .contains("nothing fits before the end of did 3.0");
        assertThat(Dependencies.check(story.recording(), story.versions()))
                .singleElement()
                .asString()
                .contains("saw version 1 of x before version 2 was written by", "had ended before there began");
    }

    @Test
    void staleReadOfAnAbsence_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .done(1, 0, 10, put(X, 1, 1))
                .done(2, 20, 30, Access.absent(X))
                .kept(X, by(1));
        assertThat(RegisterChecker.check(story.recording().operations())).hasSize(1);
    }

    @Test
    void writeSkew_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .done(1, 0, 10, put(X, 1, 1), Access.write(Y, ANYTHING, also(1)).became(1))
                .done(2, 20, 50, saw(X, 1, 1), Access.read(Y, 1, also(1)), put(X, 2, 2))
                .done(3, 20, 50, saw(X, 1, 1), Access.read(Y, 1, also(1)), put(Y, 3, 2))
                .kept(X, by(1), Y, also(1))
                .kept(X, by(2))
                .kept(Y, by(3));
        // Each key by itself is linearizable.
        assertThat(RegisterChecker.check(List.of())).isEmpty();
        assertThat(Dependencies.check(story.recording(), story.versions()))
                .singleElement()
                .asString()
                .contains("before version 2 was written by");
        assertThat(story.check()).hasSize(1);
    }

    @Test
    void writeSkewOnAbsences_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .done(2, 20, 50, Access.absent(X), Access.absent(Y), put(X, 2, 1))
                .done(3, 20, 50, Access.absent(X), Access.absent(Y), put(Y, 3, 1))
                .kept(X, by(2))
                .kept(Y, by(3));
        assertThat(Dependencies.check(story.recording(), story.versions())).hasSize(1);
    }

    @Test
    void readOfHalfACommit_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .done(
                        1,
                        0,
                        100,
                        put(X, 1, 1),
                        Access.write(Y, ANYTHING, also(1)).became(1))
                .done(2, 0, 100, saw(X, 1, 1), Access.absent(Y))
                .kept(X, by(1), Y, also(1));
        assertThat(Dependencies.check(story.recording(), story.versions())).hasSize(1);
    }

    @Test
    void unserializableReadsOfSeveralKeys_areFound() {
        HistoryBuilder story = new HistoryBuilder()
                .done(1, 0, 100, put(X, 1, 1))
                .done(2, 0, 100, put(Y, 2, 1))
                .done(3, 0, 100, saw(X, 1, 1), Access.absent(Y))
                .done(4, 0, 100, Access.absent(X), saw(Y, 2, 1))
                .kept(X, by(1))
                .kept(Y, by(2));
        assertThat(RegisterChecker.check(story.recording().operations())).isEmpty();
        assertThat(Dependencies.check(story.recording(), story.versions())).hasSize(1);
    }

    @Test
    void refusedWrite_seenOrStored_isFound() {
        HistoryBuilder dirty = new HistoryBuilder()
                .refused(1, 0, 10, Access.write(X, ANYTHING, by(1)))
                .done(2, 0, 10, saw(X, 1, 1));
        assertThat(dirty.check())
                .anyMatch(words -> words.startsWith("what was refused was seen by"))
                .anyMatch(words -> words.startsWith("key x is no linearizable register"));
        HistoryBuilder landed = new HistoryBuilder()
                .refused(1, 0, 10, Access.write(X, ANYTHING, by(1)))
                .kept(X, by(1));
        assertThat(landed.check()).anyMatch(words -> words.startsWith("what was refused is in the store"));
    }

    @Test
    void falseRefusal_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .done(1, 0, 10, put(X, 1, 1))
                .refused(2, 20, 30, Access.write(X, "v1", by(2)).seeing(1, by(1)))
                .kept(X, by(1));
        assertThat(RegisterChecker.check(story.recording().operations())).hasSize(1);
    }

    @Test
    void lostAcknowledgedWrite_isFound() {
        HistoryBuilder story = new HistoryBuilder().done(1, 0, 10, put(X, 1, 1));
        assertThat(story.check()).anyMatch(words -> words.startsWith("what was acknowledged is not in the store"));
    }

    @Test
    void tornCommit_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .unknown(1, 0, put(X, 1, -1), Access.write(Y, ANYTHING, also(1)))
                .kept(X, by(1));
        assertThat(story.check()).anyMatch(words -> words.contains("is there in parts: 1 of 2"));
    }

    @Test
    void unwrittenValueInTheStore_isFound() {
        assertThat(new HistoryBuilder().kept(X, by(7)).check())
                .anyMatch(words -> words.contains("was written by no operation"));
        assertThat(new HistoryBuilder().kept(X, ABSENT).check())
                .anyMatch(words -> words.contains("that no operation made"));
    }

    @Test
    void unmetPreconditionOnAnUnwrittenKey_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .done(1, 0, 10, put(X, 1, 1))
                .done(2, 20, 30, Access.write(X, Access.MUST_BE_ABSENT, Access.NOTHING), put(Y, 2, 1))
                .kept(X, by(1))
                .kept(Y, by(2));
        assertThat(RegisterChecker.check(story.recording().operations())).hasSize(1);
    }

    @Test
    void absence_atSeveralPossibleMoments_isAccepted() {
        HistoryBuilder story = new HistoryBuilder()
                .done(1, 0, 10, put(X, 1, 1))
                .done(2, 20, 30, Access.write(X, "+", ABSENT).became(2))
                .done(3, 40, 50, put(X, 3, 3))
                .done(4, 60, 70, Access.write(X, "+", ABSENT).became(4))
                .done(5, 80, 90, put(X, 5, 5))
                .kept(X, by(1))
                .kept(X, ABSENT)
                .kept(X, by(3))
                .kept(X, ABSENT)
                .kept(X, by(5));
        isRight(story.done(6, 0, 100, Access.absent(X)).done(7, 55, 75, Access.absent(X)));
        assertThat(story.versions().seenBy(absentIn(55, 75), Access.absent(X))).contains(new Versions.Range(4, 4));
        assertThat(story.versions().seenBy(absentIn(25, 75), Access.absent(X))).contains(new Versions.Range(2, 4));
        assertThat(story.versions().seenBy(absentIn(92, 95), Access.absent(X))).isEmpty();
    }

    private static Operation absentIn(long began, long ended) {
        return new HistoryBuilder()
                .done(9, began, ended, Access.absent(X))
                .recording()
                .operations()
                .get(0);
    }

    @Test
    void unansweredDeletion_isAccepted() {
        isRight(new HistoryBuilder()
                .done(1, 0, 10, put(X, 1, 1))
                .unknown(2, 20, Access.write(X, "+", ABSENT))
                .done(3, 40, 50, Access.absent(X))
                .kept(X, by(1))
                .kept(X, ABSENT));
    }

    @Test
    void finalStateUnlikeTheHistory_isFound() {
        assertThat(oneAfterTheOther().kept(Y, by(1)).check())
                .anyMatch(words -> words.contains("was written by no operation"));
        HistoryBuilder forgotten =
                new HistoryBuilder().unknown(1, 0, put(X, 1, -1)).done(2, 10, 20, saw(X, 1, 1));
        assertThat(forgotten.check()).anyMatch(words -> words.startsWith("what was seen is not in the store"));
        Recording gap = new Recording(
                new HistoryBuilder().unknown(1, 0, put(X, 1, -1)).recording().operations(),
                List.of(new StoredVersions(X, 2, by(1), 1)));
        assertThat(Checker.check(gap)).anyMatch(words -> words.contains("do not step by one"));
    }

    /** The checker accepts many concurrent operations on a correct register, and finds a single altered read. */
    @Test
    void simulatedHistory_isAccepted_andOneStaleReadFound() {
        for (long seed = 1; seed <= 20; seed++) {
            List<Operation> operations = new SimulatedHistory(new Random(seed), 8).operations(2_000);
            assertThat(RegisterChecker.check(operations)).as("seed " + seed).isEmpty();
            int changed = IntStream.range(1_000, 2_000)
                    .filter(i -> operations.get(i).isDone()
                            && operations.get(i).accesses().get(0).seenVersion() > 0)
                    .findFirst()
                    .orElseThrow();
            List<Operation> wrong = SimulatedHistory.withStaleRead(operations, changed);
            assertThat(RegisterChecker.check(wrong)).as("seed " + seed).hasSize(1);
        }
    }
}
