package dev.fencepost.style;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks that all sources are written in plain words. */
class StyleTest {
    @Test
    void sources_arePlain() {
        StringBuilder offences = new StringBuilder();
        for (SourceText source : SourceText.all(Path.of(""))) {
            for (StyleRule rule : StyleRule.values()) {
                List<String> found = rule.offences(source);
                if (!found.isEmpty()) {
                    offences.append(rule + " " + source.file() + ": " + found + "\n");
                }
            }
        }
        assertThat(offences.toString()).isEmpty();
    }
}
