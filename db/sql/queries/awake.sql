-- The sequencer looks at the queue by itself for so many microseconds.
INSERT INTO exhibit.awake (until)
VALUES (clock_timestamp() + $1::bigint * interval '1 microsecond')
ON CONFLICT (one) DO UPDATE SET until = excluded.until
