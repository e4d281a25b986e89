package dev.fencepost.benchmarks.processes;

import dev.fencepost.Store;

/**
 * Opens a store and reads one value. The process is new, so loading the library takes much of the time, unless a
 * setting makes it open another store first. The report counts {@link #OPEN} and {@link #FIRST_GET}, each in
 * nanoseconds.
 */
final class OpensStore implements WorkerTask {
    static final String OPEN = "open";
    static final String FIRST_GET = "first-get";

    /** The setting with the file of a store to open first. */
    static final String FIRST = "first";

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        KeySpace space = KeySpace.of(settings);
        int number = space.sample(1)[0];
        if (settings.has(FIRST)) {
            Settings other = settings.with("file", settings.text(FIRST));
            try (Store store = other.open()) {
                store.agent("setup").put(space.key(number), space.value(number)).orThrow();
                Figures.check(
                        "a value",
                        number,
                        NumberedText.number(
                                store.get(space.key(number)).orElseThrow().value()));
            }
        }
        gate.pass();
        long begun = System.nanoTime();
        try (Store store = settings.open()) {
            long opened = System.nanoTime();
            String value = store.get(space.key(number)).orElseThrow().value();
            long got = System.nanoTime();
            Figures.check("the first value that was read", number, NumberedText.number(value));
            return new Report().count(OPEN, opened - begun).count(FIRST_GET, got - opened);
        }
    }
}
