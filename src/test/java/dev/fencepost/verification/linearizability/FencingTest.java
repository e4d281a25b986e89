package dev.fencepost.verification.linearizability;

import static dev.fencepost.verification.linearizability.Access.ANYTHING;
import static dev.fencepost.verification.linearizability.HistoryBuilder.by;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The checker against claims and zombies in histories that are known to be right or wrong. */
class FencingTest {
    private static final String X = "x";
    private static final String Y = "y";

    private static Access put(String key, int worker, long version) {
        return Access.write(key, ANYTHING, by(worker)).became(version);
    }

    private static HistoryBuilder claimed() {
        return new HistoryBuilder()
                .granted(1, 0, 10, X, 1)
                .under(X, 1, 2, 20, 30, put(X, 2, 1))
                .granted(3, 40, 50, X, 3)
                .under(X, 3, 4, 60, 70, put(X, 4, 2))
                .kept(X, by(2))
                .kept(X, by(4));
    }

    @Test
    void orderedClaims_areAccepted() {
        assertThat(claimed().check()).isEmpty();
        // The other claim was requested while this write ran.
        assertThat(new HistoryBuilder()
                        .granted(1, 0, 10, X, 1)
                        .granted(3, 15, 90, X, 3)
                        .under(X, 1, 2, 20, 30, put(X, 2, 1))
                        .kept(X, by(2))
                        .check())
                .isEmpty();
    }

    @Test
    void unfencedZombie_isFound() {
        HistoryBuilder story = claimed().under(X, 1, 5, 80, 90, put(X, 5, 3)).kept(X, by(5));
        assertThat(Fencing.check(story.recording(), story.versions()))
                .anyMatch(words -> words.startsWith("a zombie was not fenced"));
        assertThat(Dependencies.check(story.recording(), story.versions()))
                .singleElement()
                .asString()
                .contains("was done under epoch 1 of x before epoch 3 was granted to");
    }

    @Test
    void unfencedZombieOnAnotherKey_isFound() {
        HistoryBuilder story = claimed().under(X, 1, 5, 80, 90, put(Y, 5, 1)).kept(Y, by(5));
        assertThat(Fencing.check(story.recording(), story.versions())).hasSize(1);
    }

    @Test
    void zombieBesideItsSuccessor_isFoundByVersionOrder() {
        HistoryBuilder story = new HistoryBuilder()
                .granted(1, 0, 10, X, 1)
                .granted(3, 20, 90, X, 3)
                .under(X, 3, 4, 20, 90, put(X, 4, 1))
                .under(X, 1, 2, 20, 90, put(X, 2, 2))
                .kept(X, by(4))
                .kept(X, by(2));
        assertThat(Fencing.check(story.recording(), story.versions()))
                .singleElement()
                .asString()
                .contains("behind what epoch 3 wrote");
    }

    @Test
    void ignoredClaim_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .granted(1, 0, 10, X, 1)
                .done(2, 20, 30, put(X, 2, 1))
                .under(X, 1, 3, 40, 50, put(X, 3, 2))
                .kept(X, by(2))
                .kept(X, by(3));
        assertThat(Fencing.check(story.recording(), story.versions())).hasSize(1);
    }

    @Test
    void epochGrantedTwiceOrTooLate_isFound() {
        assertThat(claimed().granted(5, 80, 90, X, 3).check())
                .anyMatch(words -> words.startsWith("epoch 3 of x was granted twice"));
        assertThat(claimed().granted(5, 80, 90, X, 2).check())
                .anyMatch(words -> words.contains("before an earlier one was asked for"));
    }

    @Test
    void foreignWriteUnderAClaim_isFound() {
        HistoryBuilder story = new HistoryBuilder()
                .granted(1, 0, 10, X, 1)
                .under(X, 1, 2, 20, 30, put(X, 2, 1))
                .done(3, 0, 100, put(X, 3, 2))
                .under(X, 1, 4, 40, 50, put(X, 4, 3))
                .kept(X, by(2))
                .kept(X, by(3))
                .kept(X, by(4));
        assertThat(Fencing.check(story.recording(), story.versions()))
                .singleElement()
                .asString()
                .contains("between two versions of x under epoch 1");
    }
}
