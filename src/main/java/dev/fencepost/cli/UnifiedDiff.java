package dev.fencepost.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.Patch;
import dev.fencepost.Change;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A line-by-line comparison of two versions of a key. JSON is formatted first, so that each of its members is a line.
 */
final class UnifiedDiff {
    private static final int CONTEXT = 3;

    /**
     * The number of lines above which the faster algorithm takes too much memory, which grows with the square of the
     * differences. The other algorithm prints no better diff.
     */
    private static final int MANY = 2_000;

    /** A parser that fails on JSON that it cannot represent exactly, which is then compared as text. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private UnifiedDiff() {}

    /** Returns the lines of a unified diff; empty if both versions have the same value. */
    static List<String> lines(Change<String> from, Change<String> to) {
        List<String> laidOut = lines(from, to, UnifiedDiff::layOut);
        // Two values may differ in their layout alone.
        return laidOut.isEmpty() ? lines(from, to, UnaryOperator.identity()) : laidOut;
    }

    private static List<String> lines(Change<String> from, Change<String> to, UnaryOperator<String> layout) {
        List<String> before = split(from, layout);
        List<String> after = split(to, layout);
        Patch<String> patch = before.size() + after.size() > MANY
                ? DiffUtils.diff(before, after, new MyersDiffWithLinearSpace<>())
                : DiffUtils.diff(before, after);
        return UnifiedDiffUtils.generateUnifiedDiff(name(from), name(to), before, patch, CONTEXT);
    }

    private static String name(Change<String> change) {
        return change.key() + " version " + change.stamp().version() + (change.deleted() ? " (deleted)" : "");
    }

    private static List<String> split(Change<String> change, UnaryOperator<String> layout) {
        return change.value()
                .map(text -> List.of(layout.apply(text).split("\n", -1)))
                .orElse(List.of());
    }

    private static String layOut(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node.isContainerNode() ? writer().writeValueAsString(node) : text;
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    private static ObjectWriter writer() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return MAPPER.writer(
                new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter));
    }
}
