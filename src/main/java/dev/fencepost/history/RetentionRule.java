package dev.fencepost.history;

/**
 * A retention policy for the keys and streams whose names begin with a prefix. If several rules match a name, the one
 * with the longest prefix applies. If none matches, all history is kept.
 *
 * @param prefix the prefix of the names; the empty prefix matches every name
 * @param keep the history that is kept
 * @param agent the name of the agent that set the rule; {@code sql} for a rule that was written at a SQL prompt
 */
public record RetentionRule(String prefix, RetentionPolicy keep, String agent) {}
