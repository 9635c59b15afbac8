-- The newest row of the access log; nobody adds any until the transaction ends.
SELECT exhibit.access_settled()
