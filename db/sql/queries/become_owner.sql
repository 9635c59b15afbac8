-- Make what follows the owner's.
SET LOCAL ROLE exhibit_owner
