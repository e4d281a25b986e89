---- MODULE EpochsNotRaised ----
\* Epochs remain those of the copy.
EXTENDS Adoption

NotRaised(before, replaced) == before
====
