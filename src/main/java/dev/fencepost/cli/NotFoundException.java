package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.PrunedException;
import dev.fencepost.VersionLookup;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** What was asked for is not there. */
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

    /** The key had no value at a place in the past. */
    static NotFoundException keyThen(Key<String> key, long sequence) {
        return new NotFoundException(
                "'" + key + "' had no value as of sequence " + sequence,
                Json.key(key.name()).put("asOf", sequence));
    }

    /** What was asked for was there, and has been let go. */
    static NotFoundException noLongerKept(PrunedException e, ObjectNode asked) {
        return new NotFoundException(e.code(), Objects.requireNonNullElse(e.getMessage(), ""), asked);
    }

    /** The version was there, and has been let go. */
    static NotFoundException evicted(VersionLookup.Pruned<String> evicted) {
        return new NotFoundException(
                "no-longer-kept",
                "Version " + evicted.version() + " of '" + evicted.key()
                        + "' is no longer kept; the oldest that is kept is version " + evicted.oldest(),
                Json.key(evicted.key().name()).put("version", evicted.version()).put("keptFrom", evicted.oldest()));
    }

    /** The version is not there yet. */
    static NotFoundException future(VersionLookup.NotYetWritten<String> future) {
        return new NotFoundException(
                "'" + future.key() + "' has no version " + future.version() + " yet; the newest is version "
                        + future.newest(),
                Json.key(future.key().name()).put("version", future.version()).put("newest", future.newest()));
    }

    /** The version is a deletion, so it has no value. */
    static NotFoundException deletion(Change<String> change) {
        return new NotFoundException(
                "Version " + change.stamp().version() + " of '" + change.key()
                        + "' has no value: it is its deletion, by "
                        + change.stamp().writer(),
                Json.change(change));
    }

    /** There is no cursor of this name. */
    static NotFoundException cursor(String name) {
        return new NotFoundException(
                "There is no cursor '" + name + "'; it never began, or was dropped",
                Json.object().put("cursor", name));
    }

    /** The cursor has no dead letter with this ID. */
    static NotFoundException deadLetter(String cursor, long id) {
        return new NotFoundException(
                "The cursor '" + cursor + "' has no dead letter " + id
                        + "; 'cursors dead-letters' lists those that it has",
                Json.object().put("cursor", cursor).put("id", id));
    }

    /** The prefix has no rule of its own. */
    static NotFoundException rule(String prefix) {
        return new NotFoundException(
                "There is no rule of exactly '" + prefix + "*'; retention lists those that there are",
                Json.object().put("prefix", prefix));
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

    /** A short name of the kind of error, for programs. */
    String code() {
        return code;
    }

    /** What is known about it, for programs. */
    ObjectNode details() {
        return details;
    }
}
