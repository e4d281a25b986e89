package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Change;
import dev.fencepost.Key;
import java.nio.file.Path;
import java.util.Optional;

/** What was asked for is not there. */
final class NotFoundException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient ObjectNode details;

    private NotFoundException(String message, ObjectNode details) {
        super(message);
        this.details = details;
    }

    /** There is no store to ask. */
    static NotFoundException store(Path file) {
        String path = file.toAbsolutePath().normalize().toString();
        return new NotFoundException(
                "There is no store in '" + path
                        + "'; name another file with --store, or make this one with put or claim",
                Json.object().put("store", path));
    }

    /** The key has no value; if it had one, its newest version says who deleted it. */
    static NotFoundException key(Key<String> key, Optional<Change<String>> latest) {
        String now = latest.map(change -> "was deleted as version "
                        + change.stamp().version() + " by " + change.stamp().writer())
                .orElse("never existed");
        ObjectNode details = latest.map(Json::change).orElseGet(() -> Json.key(key.name()));
        return new NotFoundException("'" + key + "' has no value: it " + now, details);
    }

    /** Nothing was ever written to the key. */
    static NotFoundException history(Key<String> key) {
        return new NotFoundException("'" + key + "' has no history: it never existed", Json.key(key.name()));
    }

    /** The key is free. */
    static NotFoundException claim(Key<String> key) {
        return new NotFoundException("'" + key + "' is not claimed", Json.key(key.name()));
    }

    /** There is no saga of this name. */
    static NotFoundException saga(String id) {
        return new NotFoundException(
                "There is no saga '" + id + "'; it never began, or was forgotten",
                Json.object().put("saga", id));
    }

    /** Nothing is to be done under this role. */
    static NotFoundException work(String role) {
        return new NotFoundException(
                "There is nothing to do for '" + role + "'", Json.object().put("role", role));
    }

    /** What is known about it, for programs. */
    ObjectNode details() {
        return details;
    }
}
