# jobhost_add_plugin(my-plugin
#     SOURCES plugin.cpp           # the border: descriptor, entry
#     LOGIC_SOURCES options.cpp    # the rest, also a static library `my-plugin_logic` for tests
#     LINK CURL::libcurl
#     OUTPUT_NAME other-name)      # file name, the target's by default
#
# A module that exports `jobhost_plugin_v1` and nothing else, needs no symbol of the host, and finds
# out about a missing symbol when it is linked. The file goes to JOBHOST_PLUGIN_DIR when that is set.
# The same function serves the project's own tree and, from the installed SDK, any other.
include_guard(GLOBAL)
include(CheckCXXCompilerFlag)

function(jobhost_add_plugin target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "OUTPUT_NAME" "SOURCES;LOGIC_SOURCES;LINK")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
        message(FATAL_ERROR
            "jobhost_add_plugin(${target}): SOURCES is missing or not understood: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_OUTPUT_NAME)
        set(arg_OUTPUT_NAME ${target})
    endif()

    add_library(${target} MODULE ${arg_SOURCES})
    target_link_libraries(${target} PRIVATE jobhost::sdk ${arg_LINK})
    set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${arg_OUTPUT_NAME})
    if(JOBHOST_PLUGIN_DIR)
        set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${JOBHOST_PLUGIN_DIR})
    endif()
    _jobhost_plugin_code(${target})
    _jobhost_plugin_exports(${target})

    if(arg_LOGIC_SOURCES)
        add_library(${target}_logic STATIC ${arg_LOGIC_SOURCES})
        target_include_directories(${target}_logic PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
        target_link_libraries(${target}_logic PUBLIC ${arg_LINK})
        _jobhost_plugin_code(${target}_logic)
        target_link_libraries(${target} PRIVATE ${target}_logic)
    endif()
endfunction()

# Hidden by default, inlines too: what is not exported cannot collide with another plugin's.
function(_jobhost_plugin_code target)
    set_target_properties(${target} PROPERTIES
        POSITION_INDEPENDENT_CODE ON
        C_VISIBILITY_PRESET hidden
        CXX_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON)
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    if(CXX IN_LIST languages)
        check_cxx_compiler_flag(-fno-gnu-unique JOBHOST_CXX_NO_GNU_UNIQUE)
        if(JOBHOST_CXX_NO_GNU_UNIQUE)
            # A unique symbol would be shared between two loaded versions of the same plugin.
            target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
        endif()
    endif()
endfunction()

function(_jobhost_plugin_exports target)
    if(WIN32)
        # The SDK marks the entry for export; the runtimes go into the file, so it loads anywhere.
        target_link_options(${target} PRIVATE -static -Wl,--exclude-all-symbols)
        return()
    endif()
    set(exports ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/exports.map)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${exports})
    target_link_options(${target} PRIVATE
        -Wl,--version-script=${exports} -Wl,-z,defs -Wl,-z,now -Wl,-z,relro)
endfunction()
