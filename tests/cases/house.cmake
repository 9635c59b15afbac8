# The house itself: founded, killed, started, stopped; its keys.
set(home home.c ../db/bench.c)
list(TRANSFORM home PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)

foreach(name test_init test_services test_seen test_signers)
  ex_test(cases ${name} USES ${uses} SOURCES ${home})
endforeach()
ex_test(cases test_init_killed USES ${uses}
  SOURCES ${home} ${CMAKE_CURRENT_SOURCE_DIR}/kill_points.c
  WRAP ex_dir_make ex_file_write ex_file_create ex_key_save ex_proc_start
    ex_proc_run ex_conn_script ex_conn_commit ex_store_append)

foreach(name test_init test_services test_seen test_signers test_init_killed)
  add_dependencies(${name} exhibit-sequencer exhibit-ca)
  # Each makes up to a dozen houses with clusters of their own.
  set_tests_properties(cases/${name} PROPERTIES TIMEOUT 900)
endforeach()
