/** What the machine, and whoever shares it, can do to a store: each kind of fault, its error, and what is still true. */
@NullMarked
package dev.fencepost.proof.fault;

import org.jspecify.annotations.NullMarked;
