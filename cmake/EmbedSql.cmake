# EmbedSql.cmake -- SQL files as byte arrays.
#
# ex_embed_sql(OUT.c OUT.h PREFIX files...): for every file NAME.sql an
# `extern const struct ex_sql PREFIX_NAME`, and PREFIX_all[] in the order
# given.  Byte arrays, because compilers refuse long string literals.
function(ex_embed_sql out_c out_h prefix)
  set(h "/* Made from SQL files. */\n#ifndef EX_${prefix}\n#define EX_${prefix}\n")
  string(APPEND h "#include \"db/conn.h\"\n")
  set(c "#include \"${out_h}\"\n")
  set(all "")
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME_WE)
    string(MAKE_C_IDENTIFIER "${prefix}_${name}" id)
    file(READ ${file} hex HEX)
    file(SIZE ${file} size)
    file(SHA256 ${file} sha256)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
    string(APPEND c "static const char ${id}_text[] = { ${bytes} '\\0' };\n"
      "const struct ex_sql ${id} = { \"${name}\", ${id}_text, ${size}, \"${sha256}\" };\n")
    string(APPEND h "extern const struct ex_sql ${id};\n")
    string(APPEND all "&${id}, ")
  endforeach()
  list(LENGTH ARGN n)
  string(APPEND c "const struct ex_sql *const ${prefix}_all[] = { ${all} };\n"
    "const size_t ${prefix}_n = ${n};\n")
  string(APPEND h "extern const struct ex_sql *const ${prefix}_all[];\n"
    "extern const size_t ${prefix}_n;\n#endif\n")
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${out_c} CONTENT "${c}" @ONLY)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${out_h} CONTENT "${h}" @ONLY)
endfunction()
