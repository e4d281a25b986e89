package dev.fencepost.laws;

import dev.fencepost.StoreConfig;
import java.nio.file.Path;
import java.util.List;

/** What the laws need to know of an engine. Implementations have a constructor without parameters. */
public interface EngineUnderTest {
    /** Names the opener that the laws are run with; without it, {@link SqliteEngineUnderTest}. */
    String PROPERTY = "fencepost.laws.opener";

    /** How the store of a test is opened; always the same store for the same folder. */
    StoreConfig config(Path folder);

    /** Runs a statement as somebody would at the engine's own prompt, past the library. */
    void atPrompt(Path folder, String sql);

    /** What a Java virtual machine should be started with, to come up quickly with this engine. */
    default List<String> flags(Path scratch) {
        return List.of();
    }

    /** The opener that this run is for. */
    static EngineUnderTest chosen() {
        return named(System.getProperty(PROPERTY, SqliteEngineUnderTest.class.getName()));
    }

    /** An opener by the name of its class, as a process that was just started knows it. */
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
