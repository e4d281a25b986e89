/** Events and the change feed: streams, folds, cursors, subscriptions and dead letters. */
@NullMarked
package dev.fencepost.event;

import org.jspecify.annotations.NullMarked;
