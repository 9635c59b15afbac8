-- Be told of new entries and requests.
LISTEN exhibit
