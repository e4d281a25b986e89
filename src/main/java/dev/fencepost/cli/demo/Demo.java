package dev.fencepost.cli.demo;

import dev.fencepost.FencepostException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Runs the scenarios, one after the other, on one file. */
public final class Demo {
    private static final List<Scenario> SCENES =
            List.of(new LostUpdates(), new Zombie(), new WriteSkew(), new KilledHolder());

    private final Path file;
    private final Function<String, List<String>> worker;
    private final ReportPrinter narrator;

    /**
     * Creates a demo on a file that does not exist yet.
     *
     * @param worker the command that runs {@link Worker} in a process of its own, given the agent's name
     */
    public Demo(Path file, Function<String, List<String>> worker, ReportPrinter narrator) {
        this.file = file;
        this.worker = worker;
        this.narrator = narrator;
    }

    /** Runs all scenarios. Returns whether all expectations were met. */
    public boolean play() throws IOException {
        boolean passed = true;
        narrator.begin(file);
        try (DemoEnvironment stage = DemoEnvironment.set(file, worker)) {
            for (int i = 0; i < SCENES.size(); i++) {
                Scenario scene = SCENES.get(i);
                narrator.announce(i + 1, scene);
                ScenarioReport account = play(scene, stage);
                narrator.tell(scene, account, file);
                passed &= account.passed();
            }
        }
        narrator.end(file, passed);
        return passed;
    }

    /** Runs a scenario. One that ends with an error has failed, and the others still run. */
    private static ScenarioReport play(Scenario scene, DemoEnvironment stage) {
        ScenarioReport account = new ScenarioReport();
        try {
            scene.play(stage, account);
        } catch (IOException | FencepostException e) {
            account.expect("the scenario runs to its end: " + e, false);
        }
        return account;
    }
}
