package dev.fencepost;

import java.util.List;
import java.util.Optional;

/** What can be read: the {@link Store} as it is now, or a {@link Transaction}'s cut of it. */
public interface Reader {
    /**
     * The value of a key, or empty if there is none.
     *
     * @throws CodecException if the text in the file is not one of the key's codec
     */
    <T> Optional<Versioned<T>> get(Key<T> key);

    /** All keys with this prefix that have a value, in the order of their names' code points, from one consistent cut. */
    <T> List<Versioned<T>> list(Prefix<T> prefix);
}
