package dev.fencepost.benchmarks.report;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Sample results for tests of reports. */
final class SampleResults {
    private SampleResults() {}

    static Figure figure(String subject, Map<String, String> settings, double... values) {
        List<Double> all = Arrays.stream(values).boxed().toList();
        return new Figure(subject, settings, "commits/s", all, List.of());
    }

    static Findings findings(String name, Figure... figures) {
        return new Findings(name, "Who?", 1, null, List.of(), List.of(figures), List.of(), List.of());
    }

    static Results results(Findings... findings) {
        return new Results(circumstances(), List.of(findings));
    }

    static Environment circumstances() {
        Environment.Machine machine = new Environment.Machine("one", 2, 1L << 31, "Linux 6", "ext4", "tmpfs");
        return new Environment(
                "2026-01-01T00:00:00Z",
                "abc",
                "brief",
                3,
                500,
                machine,
                new DiskSync(16384, 250_000, 120_000),
                Map.of("java", "17"));
    }
}
