---- MODULE TimeoutReportedFailed ----
\* A call without an answer counts as failed.
EXTENDS Sagas

TakenForFailed(s, hand) ==
    CASE hand = "did" -> {"done"}
      [] hand \in {"did not", "unclear"} -> {"spent", AfterFailure(s, journal.tries[s])}
      [] hand = "undid" -> {"undone"}
      [] hand = "undid not" -> {AfterFailedUndo(s, journal.undos[s])}
====
