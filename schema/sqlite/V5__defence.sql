-- Fencepost, schema 5: stricter rules for edits at a prompt, and the identity of a file's history.
--
-- Triggers of earlier schemas that a rule below replaces are dropped and created again.

-- Part 1: the identity of the history.

-- Part 2: restored and adopted files.

-- Part 3: text, numbers and complete commits.

-- Part 4: processes, claims and their history.

-- Part 5: events, cursors and retention.

-- Part 6: sagas.
