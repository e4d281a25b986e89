---- MODULE NotYetThereHoldsNothing ----
\* The least pin holds nothing of a key that was not yet there, and so no other pin does.
EXTENDS Retention

NotYetThere(k, from, places) ==
    places # {} /\ VersionAt(k, Least(places)) > 0 => from <= VersionAt(k, Least(places))
====
