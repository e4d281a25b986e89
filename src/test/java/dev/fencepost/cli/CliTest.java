package dev.fencepost.cli;

import dev.fencepost.testing.StoreTest;
import org.junit.jupiter.api.BeforeEach;

/** A test of commands on one store. */
abstract class CliTest extends StoreTest {
    protected Cli cli;

    @Override
    protected String fileName() {
        return "store.db";
    }

    @BeforeEach
    void createCli() {
        cli = Cli.on(file);
    }
}
