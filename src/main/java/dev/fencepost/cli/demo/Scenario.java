package dev.fencepost.cli.demo;

import java.io.IOException;

/** One thing that goes wrong without the library, and what happens with it. */
interface Scenario {
    /** A short name, for programs. */
    String name();

    /** What happens, in a line. */
    String title();

    /** Plays it and tells what happened. */
    void play(DemoEnvironment stage, ScenarioReport account) throws IOException;
}
