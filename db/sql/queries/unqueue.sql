-- Take an entry off the queue.
DELETE FROM exhibit.queue WHERE entry_id = $1 RETURNING entry_id
