package dev.fencepost.testing;

import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of an open store. */
public abstract class OpenStoreTest extends StoreTest {
    protected Store store;

    @BeforeEach
    void openStore() {
        store = Store.open(config());
    }

    protected StoreConfig config() {
        return StoreConfig.of(file);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }
}
