package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.ClaimInfo;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Page;
import dev.fencepost.Snapshot;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.Sagas;
import dev.fencepost.saga.StepFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Pages of sagas, and of their journals. */
class SagaPagesTest extends SagaFixture {
    private static List<SagaInfo> paged(int limit, BiFunction<String, Integer, Page<SagaInfo>> read) {
        List<SagaInfo> all = new ArrayList<>();
        Page<SagaInfo> page;
        do {
            page = read.apply(all.isEmpty() ? "" : all.get(all.size() - 1).id(), limit);
            assertThat(page).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page);
        } while (page.more());
        return all;
    }

    /** Runs sagas that are stuck, completed and compensated in turn. */
    private void run(int count) {
        for (int i = 0; i < count; i++) {
            String id = "order-" + (count - i);
            switch (i % 3) {
                case 0 -> agent.sagas().run(order().step(failing("charge", new IOException("reset"))), id, "input");
                case 1 -> agent.sagas().run(order().step(effect("charge")), id, "input");
                default ->
                    agent.sagas()
                            .run(
                                    order().step(effect("pack"))
                                            .step(failing("charge", StepFailedException.permanent("no"))),
                                    id,
                                    "input");
            }
        }
    }

    @Test
    void pages_ofAnySize_makeUpTheWholeList() {
        run(7);
        Sagas sagas = agent.sagas();
        List<SagaInfo> all = sagas.list(true);
        assertThat(all)
                .extracting(SagaInfo::id)
                .hasSize(7)
                .startsWith("order-7", "order-6")
                .endsWith("order-1");
        try (Snapshot snapshot = store.snapshot()) {
            for (boolean ended : new boolean[] {true, false}) {
                List<SagaInfo> whole = sagas.list(ended);
                assertThat(whole).hasSize(ended ? 7 : 3);
                for (int limit = 1; limit <= 8; limit++) {
                    assertThat(paged(limit, (after, most) -> sagas.list(ended, after, most)))
                            .isEqualTo(whole);
                    assertThat(paged(limit, (after, most) -> snapshot.sagas(ended, after, most)))
                            .isEqualTo(whole);
                }
            }
        }
        assertThat(sagas.list(true, "", 7).more()).isFalse();
        assertThat(sagas.list(true, "", 6).more()).isTrue();
        assertThatThrownBy(() -> sagas.list(true, "", 0)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void listedSaga_isLikeTheOneFound_withoutInputAndJournal() {
        run(6);
        agent.sagas().cancel("order-6", "ill");
        agent.sagas().resolve("order-3", "written off");
        for (SagaInfo listed : agent.sagas().list(true)) {
            SagaInfo found = agent.sagas().find(listed.id()).orElseThrow();
            assertThat(found.input()).isEqualTo("input");
            assertThat(listed)
                    .usingRecursiveComparison()
                    .ignoringFields("input", "journal")
                    .isEqualTo(found);
            assertThat(listed.input()).isEmpty();
            assertThat(listed.journal()).isEmpty();
        }
        assertThat(agent.sagas().find("order-6").orElseThrow()).satisfies(stuck -> {
            assertThat(stuck.state()).isEqualTo(SagaState.STUCK);
            assertThat(stuck.step()).contains("charge");
            assertThat(stuck.reason().orElseThrow()).contains("reset");
        });
        assertThat(agent.sagas().find("order-3").orElseThrow().reason()).contains("written off");
        assertThat(agent.sagas().find("order-4").orElseThrow().reason().orElseThrow())
                .contains("no");
    }

    @Test
    void forgottenSaga_cannotBeAPagePosition() {
        run(4);
        assertThat(agent.sagas().forget(Duration.ZERO)).isZero();
        clock.pass(Duration.ofHours(1));
        assertThat(agent.sagas().forget(Duration.ofMinutes(1))).isEqualTo(2);
        assertThatThrownBy(() -> agent.sagas().list(true, "order-3", 5))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("order-3", "forgotten", "with the first");
        assertThat(agent.sagas().list(true, "order-4", 5))
                .extracting(SagaInfo::id)
                .containsExactly("order-1");
    }

    @Test
    void journal_inPages_isWhole() {
        run(3);
        Sagas sagas = agent.sagas();
        Page<JournalEntry> whole = sagas.find("order-1").orElseThrow().journal();
        assertThat(whole).hasSizeGreaterThan(5);
        assertThat(whole.more()).isFalse();
        try (Snapshot snapshot = store.snapshot()) {
            for (int limit = 1; limit <= whole.size() + 1; limit++) {
                List<JournalEntry> all = new ArrayList<>();
                SagaInfo view;
                do {
                    view = sagas.find("order-1", all.size(), limit).orElseThrow();
                    assertThat(snapshot.saga("order-1", all.size(), limit)).contains(view);
                    assertThat(view.state()).isEqualTo(SagaState.COMPENSATED);
                    all.addAll(view.journal());
                } while (view.journal().more());
                assertThat(all).isEqualTo(whole);
            }
        }
        assertThatThrownBy(() -> sagas.find("order-1", -1, 1)).isInstanceOf(InvalidInputException.class);
        assertThat(sagas.find("none", 0, 1)).isEmpty();
    }

    @Test
    void listedSaga_inASnapshot_showsItsCoordinatorThen() throws Exception {
        agent.sagas().run(order().step(effect("pack")), "order-1", "x");
        JournalEntry done =
                agent.sagas().find("order-1").orElseThrow().journal().get(2);
        try (Snapshot then = store.snapshotAt(done.sequence())) {
            assertThat(then.sagas()).singleElement().satisfies(view -> {
                assertThat(view.coordinator().map(ClaimInfo::key)).contains("fencepost:saga:order-1");
                assertThat(view.state()).isEqualTo(SagaState.RUNNING);
            });
            assertThat(then.sagas(false, "", 5)).hasSize(1);
        }
        assertThat(agent.sagas().list(true).get(0).coordinator()).isEmpty();
        assertThat(agent.sagas().list(false)).isEmpty();
    }
}
