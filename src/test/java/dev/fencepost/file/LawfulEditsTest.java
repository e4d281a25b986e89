package dev.fencepost.file;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.Committed;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostClaim;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.Versioned;
import dev.fencepost.testing.StoreTest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The edits that are allowed at a SQL prompt, and their notice in every open store. */
class LawfulEditsTest extends StoreTest {
    private static final Key<String> A = Key.text("a");
    private static final Key<String> B = Key.text("b");

    private Store one;
    private Store two;

    static List<SqlShell> prompts() {
        return SqlShell.here();
    }

    @BeforeEach
    void open() {
        one = Store.open(file);
        two = Store.open(file);
    }

    @AfterEach
    void close() {
        assertThat(one.check().findings()).isEmpty();
        one.close();
        two.close();
    }

    /** An edit takes two rows of the log, so the sequences of edits are 1, 3, 5 and 7. */
    @ParameterizedTest
    @MethodSource("prompts")
    void insertUpdateDelete_becomeVersions_seenByEveryCache(SqlShell prompt) {
        assertThat(one.get(A)).isEmpty();
        assertThat(two.get(A)).isEmpty();
        assertThat(prompt.run(file, "INSERT INTO current_values (key, value) VALUES ('a', '1')"))
                .isEmpty();
        assertSeen(new Seen("1", 1, 1));
        assertThat(prompt.run(file, "UPDATE current_values SET value = value || '!' WHERE key = 'a'"))
                .isEmpty();
        assertSeen(new Seen("1!", 2, 3));
        assertThat(prompt.run(file, "DELETE FROM current_values WHERE key = 'a'"))
                .isEmpty();
        assertThat(one.get(A)).isEmpty();
        assertThat(two.get(A)).isEmpty();
        assertThat(prompt.run(file, "INSERT INTO current_values (key, value) VALUES ('a', 'again')"))
                .isEmpty();
        assertSeen(new Seen("again", 4, 7));
        assertThat(one.history().of(A, 10))
                .extracting(Change::value)
                .containsExactly(Optional.of("again"), Optional.empty(), Optional.of("1!"), Optional.of("1"));
    }

    private record Seen(String value, long version, long sequence) {}

    private void assertSeen(Seen expected) {
        for (Store store : List.of(one, two)) {
            Versioned<String> found = store.get(A).orElseThrow();
            assertThat(new Seen(found.value(), found.version(), found.sequence()))
                    .isEqualTo(expected);
            assertThat(found.writer()).isEqualTo("sql");
            assertThat(found.committedAt())
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        }
    }

    /** An edit takes two rows of the log, so its sequence and the next differ by two. */
    @ParameterizedTest
    @MethodSource("prompts")
    void severalRowsInOneStatement_areCommitsOfTheirOwn(SqlShell prompt) {
        Agent planner = one.agent("planner");
        for (int i = 0; i < 5; i++) {
            planner.put(Key.text("k/" + i), "v" + i).orThrow();
        }
        assertThat(two.list(Prefix.text("k/"))).hasSize(5);
        assertThat(prompt.run(
                        file,
                        "UPDATE current_values SET value = upper(value) WHERE key GLOB 'k/*'",
                        "INSERT INTO current_values (key, value) SELECT 'copy/' || key, value FROM current_values",
                        "DELETE FROM current_values WHERE key IN ('k/0', 'k/1')",
                        "INSERT INTO current_values (key, value) VALUES ('x', '1'), ('y', '2')"))
                .isEmpty();
        assertThat(two.list(Prefix.text("k/"))).extracting(Versioned::value).containsExactly("V2", "V3", "V4");
        assertThat(two.list(Prefix.text("copy/k/")))
                .extracting(Versioned::value)
                .containsExactly("V0", "V1", "V2", "V3", "V4");
        assertThat(two.list(Prefix.text(""))).extracting(Versioned::sequence).doesNotHaveDuplicates();
        assertThat(planner.put(A, "after").orThrow().stamp().sequence()).isEqualTo(34);
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void severalStatementsInOneTransaction_areAllOrNone(SqlShell prompt) {
        one.agent("planner").put(A, "1").orThrow();
        List<String> before = FileDump.of(file);
        assertThat(prompt.run(
                        file,
                        "BEGIN",
                        "UPDATE current_values SET value = '2' WHERE key = 'a'",
                        "INSERT INTO current_values (key, value) VALUES ('a', '3')"))
                .hasValueSatisfying(
                        said -> assertThat(said).contains("the key has a value; UPDATE current_values instead"));
        assertThat(FileDump.of(file)).isEqualTo(before);
        assertThat(prompt.run(
                        file,
                        "BEGIN",
                        "UPDATE current_values SET value = '2' WHERE key = 'a'",
                        "INSERT INTO current_values (key, value) VALUES ('b', '3')",
                        "COMMIT"))
                .isEmpty();
        assertThat(two.get(A).orElseThrow().value()).isEqualTo("2");
        assertThat(two.get(B).orElseThrow().value()).isEqualTo("3");
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void deleteOnClaims_revokesAndFences(SqlShell prompt) {
        Claim claim = one.agent("holder")
                .claim(List.of(A, B), Lease.of(ofHours(1)), ofMillis(0))
                .orThrow();
        claim.put(A, "mine");
        assertThat(prompt.run(file, "DELETE FROM active_claims WHERE key = 'a'"))
                .isEmpty();
        assertThatThrownBy(() -> claim.put(A, "zombie"))
                .isInstanceOfSatisfying(
                        FencedException.class,
                        e -> assertThat(e.lost())
                                .allSatisfy(lost -> assertThat(lost.ending()).isEqualTo(ClaimEnd.REVOKED))
                                .extracting(LostClaim::key)
                                .containsExactly("a", "b"));
        assertThatThrownBy(() -> claim.put(B, "zombie")).isInstanceOf(FencedException.class);
        assertThat(two.claims()).isEmpty();
        Claim next = two.agent("next").claim(A, Lease.of(ofHours(1))).orThrow();
        assertThat(next.epoch(A)).isEqualTo(3);
        assertThat(FileDump.query(
                        file,
                        "SELECT key, epoch, end_reason, ended_by FROM claim_history WHERE end_reason IS NOT NULL"))
                .containsExactlyInAnyOrder("a|1|revoked|sql", "b|1|revoked|sql");
        next.release();
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void deleteOnAllClaims_revokesEach(SqlShell prompt) {
        Agent holder = one.agent("holder");
        holder.claim(List.of(A, B), Lease.of(ofHours(1)), ofMillis(0)).orThrow();
        holder.claim(Key.text("c"), Lease.of(ofHours(1))).orThrow();
        assertThat(prompt.run(file, "DELETE FROM active_claims")).isEmpty();
        assertThat(one.claims()).isEmpty();
        assertThat(FileDump.query(file, "SELECT count(*), max(sequence) FROM commits"))
                .containsExactly("4|4");
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void editOfALapsedKey_takesTheClaimOverInTheSameCommit(SqlShell prompt) {
        Store early =
                Store.open(StoreConfig.of(file).withClock(() -> Instant.now().minusSeconds(7_200)));
        Claim lapsed = early.agent("stalled")
                .claim(A, Lease.withoutHeartbeats(ofHours(1)))
                .orThrow();
        Claim tooLong = early.agent("hung").claim(B, Lease.of(ofHours(1))).orThrow();
        lapsed.put(A, "1");
        assertThat(prompt.run(file, "UPDATE current_values SET value = '2' WHERE key = 'a'"))
                .isEmpty();
        assertThat(prompt.run(file, "INSERT INTO current_values (key, value) VALUES ('b', '2')"))
                .isEmpty();
        assertThatThrownBy(() -> lapsed.put(A, "zombie"))
                .isInstanceOfSatisfying(
                        FencedException.class,
                        e -> assertThat(e.lost())
                                .containsExactly(new LostClaim(
                                        "a",
                                        1,
                                        2,
                                        ClaimEnd.LEASE_EXPIRED,
                                        Optional.of("sql"),
                                        e.lost().get(0).endedAt())));
        assertThatThrownBy(() -> tooLong.put(B, "zombie"))
                .isInstanceOfSatisfying(
                        FencedException.class,
                        e -> assertThat(e.lost())
                                .extracting(LostClaim::ending)
                                .containsExactly(ClaimEnd.HELD_TOO_LONG));
        assertThat(FileDump.query(
                        file,
                        "SELECT g.ended_by_commit = k.sequence FROM claims g JOIN claim_keys gk ON"
                                + " gk.claim_id = g.id JOIN keys k ON k.id = gk.key_id"))
                .containsExactly("1", "1");
        early.close();
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void deleteOfALapsedKey_takesTheClaimOver(SqlShell prompt) {
        try (Store early =
                Store.open(StoreConfig.of(file).withClock(() -> Instant.now().minusSeconds(7_200)))) {
            Claim lapsed = early.agent("stalled")
                    .claim(A, Lease.withoutHeartbeats(ofHours(1)))
                    .orThrow();
            lapsed.put(A, "1");
            assertThat(prompt.run(file, "DELETE FROM current_values WHERE key = 'a'"))
                    .isEmpty();
            assertThat(two.get(A)).isEmpty();
            assertThatThrownBy(lapsed::release).isInstanceOf(FencedException.class);
        }
    }

    @Test
    void vacuumAtThePrompt_changesNothing() {
        Committed<String> put = one.agent("planner").put(A, "1").orThrow();
        List<String> before = FileDump.of(file);
        assertThat(SqlShell.JDBC.run(file, "VACUUM", "ANALYZE", "REINDEX", "PRAGMA optimize"))
                .isEmpty();
        assertThat(FileDump.of(file)).containsAll(before);
        assertThat(two.get(A).orElseThrow().stamp()).isEqualTo(put.stamp());
        one.agent("planner").put(A, "2").orThrow();
        assertThat(two.get(A).orElseThrow().value()).isEqualTo("2");
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void views_showReadableTimes(SqlShell prompt) {
        one.agent("planner").put(A, "1").orThrow();
        one.agent("planner").claim(A, Lease.of(ofHours(1))).orThrow();
        assertThat(prompt.run(file, "SELECT * FROM claim_waiters")).isEmpty();
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
        assertThat(FileDump.query(file, "SELECT key, value, writer, committed_at FROM current_values"))
                .singleElement()
                .asString()
                .matches("a\\|1\\|planner\\|" + time);
        assertThat(FileDump.query(file, "SELECT key, agent, granted_at, expires_at FROM active_claims"))
                .singleElement()
                .asString()
                .matches("a\\|planner\\|" + time + "\\|" + time);
        assertThat(FileDump.query(file, "SELECT claim_id, expires_at IS NOT NULL, too_long FROM claim_leases"))
                .containsExactly("2|1|0");
        assertThat(FileDump.query(file, "SELECT * FROM internal_expired_claims"))
                .isEmpty();
    }
}
