package dev.fencepost.internal.util;

import dev.fencepost.InvalidInputException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks for null arguments. */
public final class Arguments {
    private Arguments() {}

    /**
     * Returns the argument if it is not null.
     *
     * @param name the name of the parameter, for the message
     * @throws InvalidInputException if the argument is null
     */
    public static <T> T required(@Nullable T argument, String name) {
        if (argument == null) {
            throw new InvalidInputException("The argument '" + name + "' is null; give a value");
        }
        return argument;
    }

    /**
     * Returns a copy of the argument if neither it nor an element is null.
     *
     * @param name the name of the parameter, for the message
     * @throws InvalidInputException if the argument or an element of it is null
     */
    public static <T> List<T> requiredAll(@Nullable Collection<? extends T> argument, String name) {
        List<T> copy = new ArrayList<>();
        for (T element : required(argument, name)) {
            if (element == null) {
                throw new InvalidInputException(
                        "The argument '" + name + "' has a null at position " + copy.size() + "; leave it out");
            }
            copy.add(element);
        }
        return copy;
    }
}
