/** Sagas: definitions, steps and their compensations, tasks for workers, and the journal. */
@NullMarked
package dev.fencepost.saga;

import org.jspecify.annotations.NullMarked;
