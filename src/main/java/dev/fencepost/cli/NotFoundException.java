package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.history.PrunedException;
import dev.fencepost.history.VersionLookup;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A failure to find the requested object. */
final class NotFoundException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;
    private final transient ObjectNode details;

    private NotFoundException(String message, ObjectNode details) {
        this("not-found", message, details);
    }

    private NotFoundException(String code, String message, ObjectNode details) {
        super(message);
        this.code = code;
        this.details = details;
    }

    /** Returns the error for a file without a store. */
    static NotFoundException store(Path file) {
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

    /** Returns the error for a key that had no value at a point in the past. */
    static NotFoundException keyThen(Key<String> key, long sequence) {
        return new NotFoundException(
                "'" + key + "' had no value as of sequence " + sequence,
                Json.key(key.name()).put("asOf", sequence));
    }

    /** Returns the error for an object that was pruned. */
    static NotFoundException noLongerKept(PrunedException e, ObjectNode asked) {
        return new NotFoundException(e.code(), Objects.requireNonNullElse(e.getMessage(), ""), asked);
    }

    /** Returns the error for a version that was pruned. */
    static NotFoundException evicted(VersionLookup.Pruned<String> evicted) {
        return new NotFoundException(
                "pruned",
                "Version " + evicted.version() + " of '" + evicted.key()
                        + "' was pruned; the oldest version retained is " + evicted.oldest(),
                Json.key(evicted.key().name())
                        .put("version", evicted.version())
                        .put("oldestVersion", evicted.oldest()));
    }

    /** Returns the error for a version that is not yet written. */
    static NotFoundException future(VersionLookup.NotYetWritten<String> future) {
        return new NotFoundException(
                "'" + future.key() + "' has no version " + future.version() + " yet; the newest version is "
                        + future.newest(),
                Json.key(future.key().name()).put("version", future.version()).put("newest", future.newest()));
    }

    /** Returns the error for a version that is a deletion, so it has no value. */
    static NotFoundException deletion(Change<String> change) {
        return new NotFoundException(
                "Version " + change.stamp().version() + " of '" + change.key()
                        + "' has no value: it is the deletion by "
                        + change.stamp().writer(),
                Json.change(change));
    }

    /** Returns the error for an unknown cursor. */
    static NotFoundException cursor(String name) {
        return new NotFoundException(
                "No cursor '" + name + "'; it was never created, or was dropped",
                Json.object().put("cursor", name));
    }

    /** Returns the error for a cursor without a dead letter of this ID. */
    static NotFoundException deadLetter(String cursor, long id) {
        return new NotFoundException(
                "The cursor '" + cursor + "' has no dead letter " + id
                        + "; list its dead letters with 'cursors dead-letters'",
                Json.object().put("cursor", cursor).put("id", id));
    }

    /** Returns the error for a prefix without a rule of its own. */
    static NotFoundException rule(String prefix) {
        return new NotFoundException(
                "No rule for exactly '" + prefix + "*'; list the rules with 'retention'",
                Json.object().put("prefix", prefix));
    }

    /** Returns the error for a key that was never written. */
    static NotFoundException history(Key<String> key) {
        return new NotFoundException("'" + key + "' has no history: it never existed", Json.key(key.name()));
    }

    /** Returns the error for a key that is not claimed. */
    static NotFoundException claim(Key<String> key) {
        return new NotFoundException("'" + key + "' is not claimed", Json.key(key.name()));
    }

    /** Returns the error for an unknown saga. */
    static NotFoundException saga(String id) {
        return new NotFoundException(
                "No saga '" + id + "'; it never began, or was forgotten",
                Json.object().put("saga", id));
    }

    /** Returns the error for a role without a task. */
    static NotFoundException work(String role) {
        return new NotFoundException(
                "No task for the role '" + role + "'", Json.object().put("role", role));
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
