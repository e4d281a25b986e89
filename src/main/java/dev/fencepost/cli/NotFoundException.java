package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.history.PrunedException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A failure to find the requested object. */
final class NotFoundException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;
    private final transient ObjectNode details;

    NotFoundException(String message, ObjectNode details) {
        this("not-found", message, details);
    }

    NotFoundException(String code, String message, ObjectNode details) {
        super(message);
        this.code = code;
        this.details = details;
    }

    /**
     * Returns the error for a file without a store.
     *
     * @throws UnusableStoreException if the store is unusable for another reason
     */
    static NotFoundException store(UnusableStoreException e, Path file) {
        if (e.reason() != Reason.NO_STORE && e.reason() != Reason.NO_FOLDER) {
            throw e;
        }
        String path = file.toAbsolutePath().normalize().toString();
        return new NotFoundException(
                "No store in '" + path + "'; name another file with --store, or create this one with put or claim",
                Json.object().put("store", path));
    }

    /** Returns the error for a key without a value. If the key was deleted, its newest version tells by which agent. */
    static NotFoundException key(Key<String> key, Optional<Change<String>> latest) {
        String now = latest.map(change -> "was deleted as version "
                        + change.stamp().version() + " by " + change.stamp().writer())
                .orElse("never existed");
        ObjectNode details = latest.map(Json::change).orElseGet(() -> Json.key(key.name()));
        return new NotFoundException("'" + key + "' has no value: it " + now, details);
    }

    /** Returns the error for an object that was pruned. */
    static NotFoundException noLongerKept(PrunedException e, ObjectNode asked) {
        return new NotFoundException(e.code(), Objects.requireNonNullElse(e.getMessage(), ""), asked);
    }

    /** Returns the error for a key that was never written. */
    static NotFoundException history(Key<String> key) {
        return new NotFoundException("'" + key + "' has no history: it never existed", Json.key(key.name()));
    }

    /** Returns the error for an unknown saga. */
    static NotFoundException saga(String id) {
        return new NotFoundException(
                "No saga '" + id + "'; it never began, or was forgotten",
                Json.object().put("saga", id));
    }

    /** Returns the error code, for programs. */
    String code() {
        return code;
    }

    /** Returns the details of the error, for programs. */
    ObjectNode details() {
        return details;
    }
}
