---- MODULE EpochsNotRaised ----
\* An adoption does not raise the epochs of the copy.
EXTENDS Adoption

NotRaised(before, replaced) == before
====
