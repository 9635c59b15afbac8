/*
 * limits.h -- every limit of the product, with its unit and its reason.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
	/* One entry, bytes: it must fit a TLS record's neighbourhood and a
	 * tile; longer lists are vault attachments (docs/formats.md). */
	EX_ENTRY_MAX = 65535,

	/* A list inside a body, bytes of its canonical text. */
	EX_LIST_MAX = 16384,

	/* Any JSON text read from outside, bytes. */
	EX_JSON_MAX = 16 * 1024 * 1024,

	/* Nesting of JSON values in the signed profile. */
	EX_JSON_DEPTH = 8,

	/* Parties of one event: two desks, witnesses, relay, recorder. */
	EX_PARTIES_MAX = 16,

	/* Committed fields of one event. */
	EX_PII_MAX = 256,

	/* One committed value, bytes: a page of free text. */
	EX_PII_VALUE_MAX = 16384,

	/* Entries of one batch: forty items on a Monday, five hundred in an
	 * inventory, with room. */
	EX_BATCH_MAX = 4096,

	/* A signed act on its way to the log, bytes: a whole batch of the
	 * longest entries, and as much again for their texts. */
	EX_PENDING_MAX = 512 * 1024 * 1024,

	/* Entries the sequencer takes in one round (docs/formats.md). */
	EX_ROUND_MAX = 4096,

	/* A certificate, bytes of DER. */
	EX_CERT_MAX = 8192,

	/* A key file, a PIN file, a policy, a roots file: bytes. */
	EX_KEYFILE_MAX = 65536,
	EX_PIN_MAX = 1024,

	/* Where a key lies on a card, bytes of its PKCS#11 URI. */
	EX_CARD_URI_MAX = 1024,
	EX_POLICY_MAX = 65536,
	EX_ROOTS_MAX = 1024 * 1024,

	/* A signed note with its signature lines, bytes (C2SP). */
	EX_NOTE_MAX = 65536,
	EX_NOTE_SIGS_MAX = 64,

	/* What a witness is asked, bytes: a note and 65 hashes fit; what a
	 * web server says of it, bytes; seconds that one request may take. */
	EX_WITNESS_BODY_MAX = 131072,
	EX_SCGI_HEAD_MAX = 16384,
	EX_SCGI_SECONDS = 10,

	/* Seconds that an answer from outside may take. */
	EX_HTTP_SECONDS = 20,

	/* Seconds that a claimed time may lie outside what time-stamps say:
	 * a request takes a while, and clocks are never quite right. */
	EX_TIME_SLACK = 60,

	/* A time-stamp with its certificates, bytes. */
	EX_STAMP_MAX = 65536,

	/* Logs that one witness follows, keys of all of them. */
	EX_WITNESS_LOGS = 64,

	/* Levels of a Merkle tree of 2^63 leaves. */
	EX_TREE_LEVELS = 64,

	/* A case number, bytes of UTF-8 (cli.md: 64 characters). */
	EX_CASE_MAX = 256,

	/* An item number, characters; 34 for one that is imaged, so that
	 * "-I" and four digits still fit. */
	EX_ITEM_MAX = 40,
	EX_ITEM_IMAGED_MAX = 34,

	/* A list of files' digests, bytes: some millions of files. */
	EX_HASH_LIST_MAX = 1024 * 1024 * 1024,

	/* An indicator, bytes: URLs are the longest. */
	EX_INDICATOR_MAX = 2048,

	/* A search as typed: bytes, terms in it; cases that are ranked; seconds
	 * that it may take. */
	EX_QUERY_MAX = 4096,
	EX_QUERY_TERMS = 64,
	EX_SEARCH_MAX = 500,
	EX_SEARCH_SECONDS = 10,

	/* A list of indicators: bytes of its file, rows sent at once. */
	EX_INDICATOR_FILE_MAX = 64 * 1024 * 1024,
	EX_INDICATOR_ROWS = 5000,

	/* A free-text file named on the command line, bytes. */
	EX_TEXT_FILE_MAX = 16384,

	/* A list of items: bytes of its file, columns beside the item; its
	 * lines are a batch's entries. */
	EX_LIST_FILE_MAX = 4 * 1024 * 1024,
	EX_LIST_COLUMNS = 32,

	/* A manifest of an offline bundle, bytes; its files, number. */
	EX_MANIFEST_MAX = 64 * 1024 * 1024,
	EX_BUNDLE_FILES_MAX = 1000000,

	/* Segment files of one image set. */
	EX_SEGMENTS_MAX = 14971,

	/* A journal beside a half image, bytes: four for each chunk of the
	 * largest media. */
	EX_JOURNAL_MAX = 512 * 1024 * 1024,

	/* Ranges of sectors in one list: as JSON they stay within EX_JSON_MAX.
	 * A medium with more holes is imaged with a coarser granularity. */
	EX_RANGES_MAX = 200000,

	/* A file kept as an attachment, bytes: scans, photographs, reports;
	 * what is larger is evidence and is imported. */
	EX_VAULT_FILE_MAX = 256 * 1024 * 1024,

	/* A photograph in a report: bytes of its file, pixels of a side, pixels
	 * of all (decoded they take three bytes each); bytes of all of one
	 * report.  What is larger is named by its digest. */
	EX_PICTURE_BYTES_MAX = 32 * 1024 * 1024,
	EX_PICTURE_SIDE_MAX = 65535,
	EX_PICTURE_PIXELS_MAX = 64 * 1000 * 1000,
	EX_PICTURES_MAX = 128 * 1024 * 1024,

	/* What a field kit brings along, bytes: facts of a laboratory and of
	 * the cases that it is packed for.  Acts signed in it. */
	EX_KIT_MAX = 64 * 1024 * 1024,
	EX_KIT_ACTS_MAX = 10000,

	/* Bytes the reader may ask its parent to buffer for one message. */
	EX_READER_FRAME_MAX = 2 * 1024 * 1024
};

#endif
