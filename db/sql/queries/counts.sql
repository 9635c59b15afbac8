-- Waiting and rejected entries.
SELECT queued, rejected FROM exhibit.counts()
