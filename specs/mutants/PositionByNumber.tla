---- MODULE PositionByNumber ----
\* A position is accepted if the file is at least as long.
EXTENDS LostHistory

FileHasPlace(position) == position.at <= Len(file)
====
