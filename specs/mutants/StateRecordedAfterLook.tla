---- MODULE StateRecordedAfterLook ----
\* The state of a parked saga is recorded after the look, so a report in between is no news.
EXTENDS SagaTasks

KnownNow == Known
====
