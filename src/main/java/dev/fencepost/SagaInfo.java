package dev.fencepost;

import java.time.Instant;
import java.util.Optional;

/**
 * A saga as it stood when it was looked at.
 *
 * @param definition the name of its definition, and {@code version} its version
 * @param input as text; empty in a list of sagas
 * @param coordinator the live process that coordinates it; empty if there is none
 * @param journal the entries that were asked for, in order; empty in a list of sagas
 * @param reason why it is undone or stuck
 */
public record SagaInfo(
        String id,
        String definition,
        int version,
        SagaState state,
        String input,
        Optional<String> step,
        Optional<String> reason,
        Optional<ClaimInfo> coordinator,
        Instant begunAt,
        Instant lastAt,
        Page<JournalEntry> journal) {}
