package dev.fencepost.cli.demo;

import dev.fencepost.FencepostException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Plays the scenes, one after the other, on one file. */
public final class Demo {
    private static final List<Scenario> SCENES =
            List.of(new LostUpdates(), new Zombie(), new WriteSkew(), new KilledHolder());

    private final Path file;
    private final Function<String, List<String>> worker;
    private final ReportPrinter narrator;

    /**
     * A demo on a file that is not there yet.
     *
     * @param worker the command that runs {@link Worker} in a process of its own, given the agent's name
     */
    public Demo(Path file, Function<String, List<String>> worker, ReportPrinter narrator) {
        this.file = file;
        this.worker = worker;
        this.narrator = narrator;
    }

    /** Plays all of it; says whether everything was as it should be. */
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

    /** A scene that breaks off has failed, and the others are played nonetheless. */
    private static ScenarioReport play(Scenario scene, DemoEnvironment stage) {
        ScenarioReport account = new ScenarioReport();
        try {
            scene.play(stage, account);
        } catch (IOException | FencepostException e) {
            account.expect("the scene is played to its end: " + e, false);
        }
        return account;
    }
}
