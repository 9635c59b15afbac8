-- The newest whole run over an image.
SELECT run, summary, sha256 FROM exhibit.catalogue_newest($1)
