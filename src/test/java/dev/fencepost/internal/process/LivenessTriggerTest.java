package dev.fencepost.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events without a commit that make a waiter check the queue again. */
class LivenessTriggerTest {
    @TempDir
    Path folder;

    @Test
    void trigger_firesOnTime_onClockPutBack_andOnProcessDeath() {
        FakeProc proc = new FakeProc(folder);
        proc.running(77, "100");
        LivenessTrigger trigger =
                new LivenessTrigger(proc.facts()::isGone, List.of(FakeProc.process(77, "100")), 1_000, 2_000);
        assertThat(trigger.isOver(999)).isTrue();
        assertThat(trigger.isOver(1_000)).isFalse();
        assertThat(trigger.isOver(1_999)).isFalse();
        assertThat(trigger.isOver(2_000)).isTrue();
        proc.gone(77);
        assertThat(trigger.isOver(1_500)).isTrue();
    }

    @Test
    void initialTrigger_neverFires() {
        assertThat(LivenessTrigger.NONE.isOver(0)).isFalse();
    }
}
