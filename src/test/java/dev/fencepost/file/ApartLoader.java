package dev.fencepost.file;

import dev.fencepost.Key;
import dev.fencepost.Store;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** A class loader with its own copy of the library, as of an application in a container. */
final class ApartLoader implements AutoCloseable {
    private final URLClassLoader loader;

    /** Creates a loader of these places alone. */
    ApartLoader(List<Path> places, ClassLoader parent) {
        this.loader = new URLClassLoader(places.stream().map(ApartLoader::url).toArray(URL[]::new), parent);
    }

    private static URL url(Path place) {
        try {
            return place.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    ClassLoader loader() {
        return loader;
    }

    /** Opens a store, writes and reads. Throws what the copy of the library throws. */
    AutoCloseable open(Path file) throws Exception {
        try {
            return (AutoCloseable) loader.loadClass(Inside.class.getName())
                    .getMethod("open", Path.class)
                    .invoke(null, file);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Closes the loader, as a container does when it stops an application. */
    @Override
    public void close() throws IOException {
        try {
            loader.loadClass(Inside.class.getName()).getMethod("forgetDrivers").invoke(null);
        } catch (ClassNotFoundException e) {
            // A loader of the dependencies alone.
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        loader.close();
    }

    /** The code that runs in the loader. */
    public static final class Inside {
        private Inside() {}

        public static AutoCloseable open(Path file) {
            Store store = Store.open(file);
            store.agent("apart").put(Key.text("a"), "1").orThrow();
            if (store.get(Key.text("a")).isEmpty()) {
                throw new AssertionError("nothing was read");
            }
            return store;
        }

        public static void forgetDrivers() throws SQLException {
            for (Driver driver : DriverManager.drivers().toList()) {
                if (driver.getClass().getClassLoader().equals(Inside.class.getClassLoader())) {
                    DriverManager.deregisterDriver(driver);
                }
            }
        }
    }
}
