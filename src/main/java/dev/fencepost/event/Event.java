package dev.fencepost.event;

import dev.fencepost.VersionInfo;
import java.time.Instant;

/**
 * A fact that was appended to a stream. An event never changes.
 *
 * @param id the ID of the event, unique in the stream
 * @param body the content of the event
 * @param stamp the metadata of the event; its {@link VersionInfo#version()} is the number in the stream, from 1
 */
public record Event<T>(EventStream<T> stream, String id, T body, VersionInfo stamp) {
    /** Returns the number of the event in the stream: 1, 2, 3 and so on. */
    public long number() {
        return stamp.version();
    }

    /** Returns the sequence of the commit that appended the event. */
    public long sequence() {
        return stamp.sequence();
    }

    /** Returns the name of the agent that appended the event; {@code sql} for an event appended at a SQL prompt. */
    public String writer() {
        return stamp.writer();
    }

    /** Returns the time of the append, by the writer's clock. */
    public Instant committedAt() {
        return stamp.committedAt();
    }
}
