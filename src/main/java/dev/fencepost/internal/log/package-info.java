/**
 * What was, and what has changed since: snapshots and their pins, history, retention, streams of events, and cursors in
 * the order of commits. A client of claims and of the commit path, with no transaction of its own.
 */
@NullMarked
package dev.fencepost.internal.log;

import org.jspecify.annotations.NullMarked;
