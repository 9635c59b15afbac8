-- Ask for a heads entry.
SELECT exhibit.ask_heads()
