# jobhost_embed_text(target HEADER store/sqlite/migrations_text.hpp NAMESPACE jobhost::store::sqlite
#                    NAME kMigrations FILES migrations/0001_first.sql …)
#
# Makes `#include "<HEADER>"` give `constexpr std::array<std::pair<std::string_view,
# std::string_view>, n> NAME`: file name and text, in the order of FILES. Called as a script it
# writes that header.
if(NOT CMAKE_SCRIPT_MODE_FILE)
    set(JOBHOST_EMBED_TEXT ${CMAKE_CURRENT_LIST_FILE})

    function(jobhost_embed_text target)
        cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;NAMESPACE;NAME" "FILES")
        list(TRANSFORM arg_FILES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ REGEX "^[^/]")
        set(header ${PROJECT_BINARY_DIR}/generated/${arg_HEADER})
        add_custom_command(
            OUTPUT ${header}
            COMMAND ${CMAKE_COMMAND} "-DHEADER=${header}" "-DNAMESPACE=${arg_NAMESPACE}"
                "-DNAME=${arg_NAME}" "-DFILES=${arg_FILES}" -P ${JOBHOST_EMBED_TEXT}
            DEPENDS ${arg_FILES} ${JOBHOST_EMBED_TEXT}
            COMMENT "Embedding ${arg_HEADER}"
            VERBATIM)
        target_sources(${target} PRIVATE ${header})
    endfunction()
    return()
endif()

set(entries "")
foreach(file IN LISTS FILES)
    file(READ ${file} text)
    if(text MATCHES "\\)jobhost\"")
        message(FATAL_ERROR "${file} contains the end mark )jobhost\"")
    endif()
    cmake_path(GET file FILENAME name)
    string(APPEND entries "    {\"${name}\", R\"jobhost(${text})jobhost\"},\n")
endforeach()
list(LENGTH FILES count)

file(WRITE ${HEADER} "#pragma once

#include <array>
#include <string_view>
#include <utility>

// Both compilers take literals that are longer than the standard asks for.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \"-Woverlength-strings\"

namespace ${NAMESPACE} {

inline constexpr std::array<std::pair<std::string_view, std::string_view>, ${count}> ${NAME}{{
${entries}}};

}  // namespace ${NAMESPACE}

#pragma GCC diagnostic pop
")
