/**
 * The laws, each held against real processes and many schedules. How a store is opened is the business of an
 * {@link dev.fencepost.laws.EngineUnderTest}, so that every engine can be held to the same tests.
 */
@NullMarked
package dev.fencepost.laws;

import org.jspecify.annotations.NullMarked;
