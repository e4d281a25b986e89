---- MODULE PositionByNumber ----
\* A position is accepted if the file is as long.
EXTENDS LostHistory

FileHasPlace(position) == position.at <= Len(file)
====
