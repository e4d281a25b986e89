package dev.fencepost;

import java.time.Instant;
import java.util.Optional;

/**
 * One reason for which a commit was refused, as it was kept.
 *
 * @param number counts the refusals that were kept, from 1
 * @param at when, by the clock of who was refused
 * @param sequence the newest commit in the file when this was kept, just after the refusal
 * @param agent who was refused
 * @param pid of its process
 * @param kind {@code conflict}, {@code claimed}, {@code read}, {@code stream} or {@code fenced}
 * @param name the key, prefix or stream that it was about
 * @param by who stood in the way, if anybody is known to
 * @param bySequence the commit by which
 * @param message the reason, in a sentence for people
 */
public record RefusalRecord(
        long number,
        Instant at,
        long sequence,
        String agent,
        long pid,
        String kind,
        String name,
        Optional<String> by,
        Optional<Long> bySequence,
        String message) {}
