package dev.fencepost.cli.demo;

import java.io.IOException;

/**
 * A problem without the library, and its solution with the library.
 *
 * @param name a short name, for programs
 * @param title a title of one line
 */
record Scenario(String name, String title, Body body) {
    /** The steps of a scenario, which reports what happened. */
    interface Body {
        void run(DemoEnvironment demo, ScenarioReport report) throws IOException;
    }
}
