/** Tests of what only this package can see. */
@NullMarked
package dev.fencepost.internal.commit;

import org.jspecify.annotations.NullMarked;
