package dev.fencepost.json;

import com.fasterxml.jackson.databind.cfg.PackageVersion;
import dev.fencepost.InvalidInputException;

/** The optional dependency for values stored as JSON. */
final class Jackson {
    private Jackson() {}

    /** Returns the error for a Jackson that is missing, or lacks a class or method that this library uses. */
    static InvalidInputException unfit(LinkageError e) {
        return new InvalidInputException(
                "JSON needs jackson-databind 2.16 or later on the class path; found " + version()
                        + ". Add the dependency com.fasterxml.jackson.core:jackson-databind, or write a codec",
                e);
    }

    private static String version() {
        try {
            return PackageVersion.VERSION.toString();
        } catch (LinkageError e) {
            return "none";
        }
    }
}
