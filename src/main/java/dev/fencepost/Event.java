package dev.fencepost;

import java.time.Instant;

/**
 * A fact that was appended to a stream. Never changes.
 *
 * @param id its own name in the stream
 * @param body what happened
 * @param stamp where it stands; its {@link VersionInfo#version()} is its number in the stream, from 1
 */
public record Event<T>(EventStream<T> stream, String id, T body, VersionInfo stamp) {
    /** Its place in the stream: 1, 2, 3 and so on. */
    public long number() {
        return stamp.version();
    }

    /** The place of its commit in the order of the store. */
    public long sequence() {
        return stamp.sequence();
    }

    /** The agent that appended it; {@code sql} at a SQL prompt. */
    public String writer() {
        return stamp.writer();
    }

    /** When it was appended, by the writer's clock. */
    public Instant committedAt() {
        return stamp.committedAt();
    }
}
