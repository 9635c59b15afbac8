-- How many requests for a heads entry wait.
SELECT count(*) FROM exhibit.wish
