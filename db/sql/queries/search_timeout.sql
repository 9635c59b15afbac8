-- No search of this transaction takes longer than this many milliseconds.
SELECT set_config('statement_timeout', $1, true)
