package dev.fencepost.cli.demo;

import java.io.IOException;

/** A problem without the library, and its solution with the library. */
interface Scenario {
    /** Returns a short name, for programs. */
    String name();

    /** Returns a title of one line. */
    String title();

    /** Runs the scenario, and reports on it. */
    void play(DemoEnvironment stage, ScenarioReport account) throws IOException;
}
