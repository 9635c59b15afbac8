-- A new run over an image; its number.
SELECT exhibit.catalogue_begin($1)
