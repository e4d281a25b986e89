package dev.fencepost;

/**
 * What is kept of the keys and streams whose names begin with a prefix. Of several rules that fit a name, the one with the
 * longest prefix counts; where none does, everything is kept.
 *
 * @param prefix what the names begin with; the empty prefix fits every name
 * @param keep how much is kept
 * @param agent who said so; {@code sql} for a rule that was written at a SQL prompt
 */
public record RetentionRule(String prefix, RetentionPolicy keep, String agent) {}
