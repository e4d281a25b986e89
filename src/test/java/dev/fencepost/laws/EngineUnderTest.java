package dev.fencepost.laws;

import dev.fencepost.StoreConfig;
import java.nio.file.Path;

/** The engine that the laws are tested with. Implementations have a constructor without parameters. */
public interface EngineUnderTest {
    /** The system property with the engine's class name; by default {@link SqliteEngineUnderTest}. */
    String PROPERTY = "fencepost.laws.opener";

    /** Returns how a test opens its store; always the same store for the same folder. */
    StoreConfig config(Path folder);

    /** Runs a statement at the engine's own prompt, bypassing the library. */
    void atPrompt(Path folder, String sql);

    /** Returns the engine of this test run. */
    static EngineUnderTest chosen() {
        return named(System.getProperty(PROPERTY, SqliteEngineUnderTest.class.getName()));
    }

    /** Returns an engine by its class name, which is all that a new process knows. */
    static EngineUnderTest named(String type) {
        try {
            return Class.forName(type)
                    .asSubclass(EngineUnderTest.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no opener: " + type, e);
        }
    }
}
