package dev.fencepost.internal.sql;

/** One key of a claim: its epoch under the claim, and its epoch now. */
public record ClaimKeyRow(long keyId, String key, long epoch, long presentEpoch) {}
