-- Is the case database for whoever is connected?
SELECT exhibit.may_search()::integer
