-- Lines of a run, as rows of PostgreSQL's binary format.
COPY exhibit.catalogue_file (run, no, volume, stream_no,
    folder, name, stream, link, folder_raw, name_raw, stream_raw, link_raw,
    kind, flags, inode, sequence, attribute, attribute_id, size, room,
    modified, modified_ns, accessed, accessed_ns, changed, changed_ns,
    created, created_ns, deleted, deleted_ns, mode, links, uid, gid, owner,
    runs, md5, sha1, sha256, mime, type, entropy)
FROM STDIN (FORMAT binary)
