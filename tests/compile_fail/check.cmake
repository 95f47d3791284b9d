# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
# Compiles SOURCE with and without -DFAULT. Without, it must compile; with, it must be refused by one error, and that
# must carry the sentence of its "Expect:" line. Arguments: COMPILER, SOURCE, INCLUDES (a list), STANDARD flag, and
# PRECOMPILED, a header to include first, or nothing.
foreach(directory IN LISTS INCLUDES)
  list(APPEND include_flags -I${directory})
endforeach()
if(PRECOMPILED)
  list(APPEND include_flags -include ${PRECOMPILED})
endif()
set(command ${COMPILER} ${STANDARD} -fsyntax-only ${include_flags} ${SOURCE})

file(STRINGS ${SOURCE} expect REGEX "^// Expect: ")
string(REGEX REPLACE "^// Expect: " "" sentence "${expect}")
if(sentence STREQUAL "")
  message(FATAL_ERROR "${SOURCE} has no line `// Expect: <sentence>`")
endif()

execute_process(COMMAND ${command} RESULT_VARIABLE status ERROR_VARIABLE output)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "without its fault the program must compile:\n${output}")
endif()

execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${command} -DFAULT RESULT_VARIABLE status ERROR_VARIABLE output)
if(status EQUAL 0)
  message(FATAL_ERROR "the program was accepted in spite of its fault")
endif()
string(REPLACE ";" "\\;" output "${output}")
string(REGEX MATCHALL "[^\n]* error: [^\n]*" errors "${output}")
list(LENGTH errors count)
if(NOT count EQUAL 1)
  message(FATAL_ERROR "${count} errors were reported, expected the one sentence\n  ${sentence}\n${output}")
endif()
string(FIND "${output}" "${sentence}" position)
if(position EQUAL -1)
  message(FATAL_ERROR "the error does not say\n  ${sentence}\n${output}")
endif()
