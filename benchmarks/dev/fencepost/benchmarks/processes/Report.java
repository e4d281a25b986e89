package dev.fencepost.benchmarks.processes;

import dev.fencepost.benchmarks.run.Cost;
import dev.fencepost.benchmarks.run.Costs;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** The result of a task: numbers and histograms by name. Processes exchange it as lines of the form of settings. */
final class Report {
    /** The last line of every report. */
    static final String END = "end";

    private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

    private final Map<String, String> values = new TreeMap<>();

    /** Creates an empty histogram for times of up to an hour, in nanoseconds, with three significant digits. */
    static Histogram freshHistogram() {
        return new Histogram(LONGEST, 3);
    }

    static Report parse(List<String> lines) {
        Report report = new Report();
        report.values.putAll(Settings.parse(lines).values());
        return report;
    }

    List<String> lines() {
        return Stream.concat(new Settings(values).words().stream(), Stream.of(END))
                .toList();
    }

    Report count(String name, long value) {
        values.put(name, Long.toString(value));
        return this;
    }

    long count(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The report does not say '" + name + "', only " + values.keySet());
        }
        return Long.parseLong(value);
    }

    /** Returns a count, or a default if the report does not have it. */
    long countOr(String name, long otherwise) {
        return values.containsKey(name) ? count(name) : otherwise;
    }

    Report costs(Costs costs) {
        costs.amounts().forEach((cost, amount) -> count(cost.label(), amount));
        return this;
    }

    /** Returns the costs of processes that ran at the same time. */
    static Costs costs(List<Report> reports) {
        Costs all = Costs.none();
        for (Report report : reports) {
            Map<Cost, Long> own = new EnumMap<>(Cost.class);
            for (Cost cost : Cost.values()) {
                if (report.values.containsKey(cost.label())) {
                    own.put(cost, report.count(cost.label()));
                }
            }
            all = all.with(new Costs(own));
        }
        return all;
    }

    Report histogram(String name, Histogram histogram) {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        byte[] whole = new byte[histogram.encodeIntoCompressedByteBuffer(bytes)];
        bytes.flip().get(whole);
        values.put(name, Base64.getEncoder().encodeToString(whole));
        return this;
    }

    static long sum(List<Report> reports, String name) {
        return reports.stream().mapToLong(report -> report.count(name)).sum();
    }

    /** Returns the sum of all histograms with this name. */
    static Histogram merged(List<Report> reports, String name) {
        Histogram all = freshHistogram();
        for (Report report : reports) {
            byte[] bytes = Base64.getDecoder().decode(report.values.getOrDefault(name, ""));
            try {
                if (bytes.length > 0) {
                    all.add(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), LONGEST));
                }
            } catch (DataFormatException e) {
                throw new IllegalArgumentException("no histogram", e);
            }
        }
        return all;
    }
}
