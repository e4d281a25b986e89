package dev.fencepost;

import static dev.fencepost.Precondition.ifAbsent;
import static dev.fencepost.Precondition.ifVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstLineTest {
    @TempDir
    Path folder;

    @Test
    void putGetClaimTransact() {
        Key<String> plan = Key.text("plans/launch");
        try (Store store = Store.open(folder.resolve("a.db"))) {
            Agent planner = store.agent("planner");
            assertThat(store.get(plan)).isEmpty();
            assertThat(planner.put(plan, "one", ifAbsent()).orThrow().version()).isEqualTo(1);
            assertThat(store.get(plan).orElseThrow().value()).isEqualTo("one");
            WriteResult<String> second = planner.put(plan, "two", ifVersion(7));
            assertThat(second).isInstanceOfSatisfying(Conflict.class, c -> System.out.println(c.message()));
            planner.update(plan, p -> p + "!");
            try (Claim claim =
                    planner.claim(plan, Lease.of(Duration.ofSeconds(30))).orThrow()) {
                System.out.println(claim.token() + " " + store.claims());
                claim.put(plan, "three");
                System.out.println(((Claimed<String>) planner.put(plan, "x")).message());
                ClaimResult again = planner.claim(plan, Lease.of(Duration.ofSeconds(30)), Duration.ofMillis(50));
                System.out.println(again);
                store.agent("operator").revoke(plan);
                assertThatThrownBy(() -> claim.put(plan, "zombie"))
                        .isInstanceOf(FencedException.class)
                        .satisfies(e -> System.out.println(e.getMessage()));
            }
            String read = planner.transact(tx -> {
                tx.put(
                        Key.text("b"),
                        tx.get(plan).orElseThrow().value()
                                + tx.list(Prefix.text("")).size());
                return tx.get(Key.text("b")).orElseThrow().value();
            });
            assertThat(read).isEqualTo("three1");
            assertThat(store.list(Prefix.text(""))).hasSize(2);
            assertThat(store.history().of(plan, 10)).hasSize(3);
            assertThat(store.check().findings()).isEmpty();
        }
    }
}
