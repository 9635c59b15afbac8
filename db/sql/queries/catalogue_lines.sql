-- Lines of a run behind one of them that answer a question.
SELECT no, volume, stream_no,
    folder, name, stream, link, folder_raw, name_raw, stream_raw, link_raw,
    kind, flags, inode, sequence, attribute, attribute_id, size, room,
    modified, modified_ns, accessed, accessed_ns, changed, changed_ns,
    created, created_ns, deleted, deleted_ns, mode, links, uid, gid, owner,
    runs, md5, sha1, sha256, mime, type, entropy, known
FROM exhibit.catalogue_lines($1::bigint, $2::bigint, $3::integer, $4, $5,
    $6::boolean, $7::smallint, $8)
