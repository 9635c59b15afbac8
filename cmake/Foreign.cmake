# Foreign.cmake -- libraries of others, one linkable target each.
#
# `foreign_NAME` for ex_module(FOREIGN NAME).  Which file may include which
# header stands in FLOORS; why each is used, in docs/dependencies.md.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# Pinned by pkg-config name.
function(ex_foreign name module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${module})
  add_library(foreign_${name} INTERFACE)
  target_link_libraries(foreign_${name} INTERFACE PkgConfig::${name})
endfunction()

ex_foreign(CRYPTO libcrypto)
ex_foreign(P11KIT p11-kit-1)
ex_foreign(JANSSON jansson)
ex_foreign(UTF8PROC libutf8proc)
ex_foreign(SECCOMP libseccomp)
ex_foreign(PQ libpq)
ex_foreign(CURL libcurl)
ex_foreign(IDN2 libidn2)
ex_foreign(EWF libewf)
ex_foreign(VMDK libvmdk)
ex_foreign(BFIO libbfio)
ex_foreign(TSK tsk)
ex_foreign(MAGIC libmagic)
ex_foreign(ISAL libisal)
ex_foreign(DEFLATE libdeflate)
ex_foreign(ZLIB zlib)
ex_foreign(PANGO pangocairo)
ex_foreign(CAIRO cairo-pdf)
ex_foreign(QPDF libqpdf)
ex_foreign(LCMS2 lcms2)
ex_foreign(QRENCODE libqrencode)
ex_foreign(PNG libpng16)
if(EX_TESTS)
  ex_foreign(CMOCKA cmocka)
  ex_foreign(FUSE3 fuse3)
endif()

add_library(foreign_THREADS INTERFACE)
target_link_libraries(foreign_THREADS INTERFACE Threads::Threads)

add_library(foreign_MATH INTERFACE)
target_link_libraries(foreign_MATH INTERFACE m)
