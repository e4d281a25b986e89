package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Change;
import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Key;
import dev.fencepost.LostClaim;
import dev.fencepost.VersionInfo;
import dev.fencepost.Versioned;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The results of the library as JSON objects, with the field names of the command line. */
final class Json {
    /** The format of times in the views of the file: in UTC, always with milliseconds. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode key(String name) {
        return object().put("key", name);
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static ObjectNode versioned(Versioned<String> versioned) {
        return stamp(key(versioned.key().name()).put("value", versioned.value()), versioned.stamp());
    }

    static ObjectNode change(Change<String> change) {
        ObjectNode node = key(change.key().name());
        change.value().ifPresent(value -> node.put("value", value));
        return stamp(node, change.stamp()).put("deleted", change.deleted());
    }

    static ObjectNode stamp(ObjectNode node, VersionInfo stamp) {
        return node.put("version", stamp.version())
                .put("sequence", stamp.sequence())
                .put("writer", stamp.writer())
                .put("committedAt", time(stamp.committedAt()));
    }

    static ObjectNode held(ClaimInfo held) {
        return key(held.key())
                .put("epoch", held.epoch())
                .put("holder", held.holder().agent())
                .put("pid", held.holder().pid())
                .put("grantedAt", time(held.grantedAt()))
                .put("expiresAt", time(held.expiresAt()))
                .put("status", held.status().word());
    }

    static ObjectNode fenced(LostClaim fenced) {
        ObjectNode node = object().put("ending", ending(fenced.ending()));
        if (!fenced.key().isEmpty()) {
            node.put("key", fenced.key()).put("epoch", fenced.epoch()).put("presentEpoch", fenced.presentEpoch());
        }
        fenced.endedBy().ifPresent(by -> node.put("endedBy", by));
        fenced.endedAt().ifPresent(at -> node.put("endedAt", time(at)));
        return node;
    }

    /** Returns a claim's token and keys. For a claim on one key, the object itself has that key and its epoch. */
    static ObjectNode claim(Claim claim) {
        List<ObjectNode> keys = claim.keys().stream()
                .map(name -> key(name).put("epoch", claim.epoch(Key.text(name))))
                .toList();
        return one(keys, "keys", Function.identity()).put("token", claim.token().text());
    }

    /** Returns an object with the fields of the first thing, and with a list of all things if there are more. */
    static <T> ObjectNode one(List<T> things, String all, Function<T, ObjectNode> view) {
        ObjectNode node = object();
        if (!things.isEmpty()) {
            node.setAll(view.apply(things.get(0)));
        }
        if (things.size() > 1) {
            ArrayNode list = node.putArray(all);
            things.forEach(thing -> list.add(view.apply(thing)));
        }
        return node;
    }

    private static String ending(ClaimEnd ending) {
        return ending.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
