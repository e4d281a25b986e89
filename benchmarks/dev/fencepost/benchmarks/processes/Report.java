package dev.fencepost.benchmarks.processes;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** The result of a task: numbers and histograms by name. Processes exchange it as lines of text. */
final class Report {
    /** The last line of every report. */
    static final String END = "end";

    private static final String COUNT = "count";
    private static final String HISTOGRAM = "histogram";
    private static final long LONGEST = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;

    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<String, Histogram> histograms = new TreeMap<>();

    /** Creates an empty histogram for times of up to an hour, in nanoseconds, with three significant digits. */
    static Histogram freshHistogram() {
        return new Histogram(LONGEST, DIGITS);
    }

    static Report parse(List<String> lines) {
        Report report = new Report();
        for (String line : lines) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case COUNT -> report.count(words[1], Long.parseLong(words[2]));
                case HISTOGRAM -> report.histogram(words[1], decode(words[2]));
                default -> throw new IllegalArgumentException("no line of a report: " + line);
            }
        }
        return report;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        counts.forEach((name, value) -> lines.add(COUNT + " " + name + " " + value));
        histograms.forEach((name, value) -> lines.add(HISTOGRAM + " " + name + " " + encode(value)));
        lines.add(END);
        return lines;
    }

    Report count(String name, long value) {
        counts.put(name, value);
        return this;
    }

    long count(String name) {
        Long value = counts.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The report does not say '" + name + "', only " + counts.keySet());
        }
        return value;
    }

    /** Returns a count, or a default if the report does not have it. */
    long countOr(String name, long otherwise) {
        return counts.getOrDefault(name, otherwise);
    }

    Report histogram(String name, Histogram value) {
        histograms.put(name, value);
        return this;
    }

    static long sum(List<Report> reports, String name) {
        return reports.stream().mapToLong(report -> report.count(name)).sum();
    }

    /** Returns the sum of all histograms with this name. */
    static Histogram merged(List<Report> reports, String name) {
        Histogram all = freshHistogram();
        for (Report report : reports) {
            Histogram one = report.histograms.get(name);
            if (one != null) {
                all.add(one);
            }
        }
        return all;
    }

    private static String encode(Histogram histogram) {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        byte[] whole = new byte[length];
        bytes.flip();
        bytes.get(whole);
        return Base64.getEncoder().encodeToString(whole);
    }

    private static Histogram decode(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            return Histogram.decodeFromCompressedByteBuffer(bytes, LONGEST);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("no histogram", e);
        }
    }
}
