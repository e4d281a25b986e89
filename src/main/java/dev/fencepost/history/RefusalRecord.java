package dev.fencepost.history;

import java.time.Instant;
import java.util.Optional;

/**
 * A stored record of one reason why a commit was refused.
 *
 * @param number the number of the record, from 1
 * @param at the time of the refusal, by the clock of the refused agent's process
 * @param sequence the newest commit in the file when the record was stored, just after the refusal
 * @param agent the agent whose commit was refused
 * @param pid the ID of its process
 * @param kind {@code conflict}, {@code claimed}, {@code read}, {@code stream} or {@code fenced}
 * @param name the key, prefix or stream
 * @param by the agent that caused the refusal; empty if unknown
 * @param bySequence the sequence of the commit that caused the refusal; empty if unknown
 * @param message the reason, as a readable sentence
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
