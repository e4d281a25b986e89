---- MODULE OldestPinOnly ----
\* If the key did not exist at the oldest pin, no pin protects its versions.
EXTENDS Retention

NotYetThere(k, from, places) ==
    places # {} /\ VersionAt(k, Least(places)) > 0 => from <= VersionAt(k, Least(places))
====
