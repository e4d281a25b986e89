package dev.fencepost.cli.demo;

import dev.fencepost.FencepostException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * The scenarios, one after the other, on one file.
 *
 * @param file a file that does not exist yet
 * @param worker the command that runs {@link Worker} in a process of its own, given the agent's name
 */
public record Demo(Path file, Function<String, List<String>> worker, ReportPrinter printer) {
    private static final List<Scenario> SCENARIOS = List.of(
            new Scenario("lost-updates", "Six agents increment the same key concurrently", LostUpdates::run),
            new Scenario("zombie", "Zombie: an agent is suspended beyond its lease, resumes, and writes", Zombie::run),
            new Scenario(
                    "write-skew", "Write skew: one of two must stay on call, and both try to leave", WriteSkew::run),
            new Scenario(
                    "killed-holder",
                    "kill -9: the holder of a claim dies with an hour of its lease left",
                    KilledHolder::run));

    /** Runs all scenarios. Returns whether all expectations were met. */
    public boolean run() throws IOException {
        boolean passed = true;
        printer.begin(file);
        try (DemoEnvironment demo = new DemoEnvironment(file)) {
            demo.start(worker);
            for (int i = 0; i < SCENARIOS.size(); i++) {
                Scenario scenario = SCENARIOS.get(i);
                printer.title(i + 1, scenario);
                ScenarioReport report = run(scenario, demo);
                printer.print(scenario, report, file);
                passed &= report.passed();
            }
        }
        printer.end(file, passed);
        return passed;
    }

    /** Runs a scenario. One that ends with an error has failed, and the others still run. */
    private static ScenarioReport run(Scenario scenario, DemoEnvironment demo) {
        ScenarioReport report = new ScenarioReport();
        try {
            scenario.body().run(demo, report);
        } catch (IOException | FencepostException e) {
            report.expect("the scenario runs to its end: " + e, false);
        }
        return report;
    }
}
