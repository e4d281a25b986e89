package dev.fencepost.internal.sqlite;

import java.security.Provider;
import java.security.Security;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Maps that all copies of this library in one JVM share, whichever class loader loaded them. Descriptors and POSIX
 * locks belong to the process, so information about them must live as long as the process. A static field does not: it
 * ends with the class loader of its class.
 *
 * <p>The maps hold types of the JDK only, so that they do not prevent the collection of a class loader. A map is found
 * by a name in the table of the security provider {@code SUN}. Every JVM has and keeps this table, and other programs
 * read it by name only. System properties are the usual place for such an object. But programs print and copy those as
 * text, and fail if they find another type. If the provider is missing, each copy of the library has maps of its own.
 */
final class SharedByJvm {
    private static final String PREFIX = "dev.fencepost.";

    private static final Map<Object, Object> TABLE = table();

    private SharedByJvm() {}

    private static Map<Object, Object> table() {
        Provider provider = Security.getProvider("SUN");
        return provider == null ? new ConcurrentHashMap<>() : provider;
    }

    /**
     * Returns the map of this name, which is created at the first call. Use it while synchronized on it.
     *
     * @param name a name that says which types the map holds; another version of the library must use another name if
     *     it uses other types
     */
    @SuppressWarnings("unchecked") // By its name it holds these types.
    static <K, V> Map<K, V> map(String name) {
        synchronized (TABLE) {
            // The provider's computeIfAbsent would treat the map as a text.
            Object map = TABLE.get(PREFIX + name);
            if (map == null) {
                map = new ConcurrentHashMap<K, V>();
                TABLE.put(PREFIX + name, map);
            }
            return (Map<K, V>) map;
        }
    }
}
