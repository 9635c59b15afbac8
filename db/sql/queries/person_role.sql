-- A person's login role, once.
SELECT exhibit.add_person($1)
