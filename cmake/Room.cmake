# The rooms of the house: one folder, one namespace, one static library each.
#
#   jobhost_room(NAME run HEADERS a.hpp SOURCES a.cpp
#                MAY_USE events store core base   # rooms below; linked, and their headers allowed
#                OPTIONS_OF http                  # only this room's options.hpp; nothing is linked
#                PACKAGES Boost::json)            # names from Packages.cmake
#
# A MAY_USE name that no room above this line defined is refused, so a cycle cannot be written.
# scripts/check-rooms holds the includes to the same lines.
function(jobhost_room)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "HEADERS;SOURCES;MAY_USE;OPTIONS_OF;PACKAGES")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME)
        message(FATAL_ERROR "jobhost_room: NAME is missing or not understood: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    foreach(other IN LISTS arg_MAY_USE arg_OPTIONS_OF)
        _jobhost_room_target(other_target ${other})
        if(NOT TARGET ${other_target})
            message(FATAL_ERROR "room ${arg_NAME} may not use ${other}: no such room stands below it")
        endif()
    endforeach()
    foreach(package IN LISTS arg_PACKAGES)
        if(NOT package MATCHES "::" OR NOT TARGET ${package})
            message(FATAL_ERROR "room ${arg_NAME}: Packages.cmake has no ${package}")
        endif()
    endforeach()

    _jobhost_room_target(target ${arg_NAME})
    if(arg_SOURCES)
        set(scope PUBLIC)
        add_library(${target} STATIC ${arg_SOURCES})
    else()
        set(scope INTERFACE)
        add_library(${target} INTERFACE)
    endif()
    target_sources(${target} ${scope} FILE_SET HEADERS
        BASE_DIRS ${PROJECT_SOURCE_DIR}/host FILES ${arg_HEADERS})
    target_include_directories(${target} ${scope}
        ${PROJECT_SOURCE_DIR}/host ${PROJECT_BINARY_DIR}/generated)
    list(TRANSFORM arg_MAY_USE REPLACE "/" "_")
    list(TRANSFORM arg_MAY_USE PREPEND "jobhost_")
    target_link_libraries(${target} ${scope} ${arg_MAY_USE} ${arg_PACKAGES} Threads::Threads)
endfunction()

# jobhost_test(ROOM core SOURCES state_test.cpp LABELS unit MAY_USE store)
#
# One program `<room>_test` that links this room alone, so a hidden call into another room does not
# link. MAY_USE names what the tests need beyond it. For tests of what is not a room say
# NAME x LINK target… instead of ROOM. LABELS takes one label: unit when left out, contract,
# scenario or kill; TIMEOUT is in seconds for each test, 60 when left out.
function(jobhost_test)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "ROOM;NAME;LABELS;TIMEOUT"
        "SOURCES;MAY_USE;LINK;PACKAGES")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "jobhost_test: not understood: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(arg_ROOM)
        string(REPLACE "/" "_" arg_NAME ${arg_ROOM})
        list(PREPEND arg_MAY_USE ${arg_ROOM})
    endif()
    list(TRANSFORM arg_MAY_USE REPLACE "/" "_")
    list(TRANSFORM arg_MAY_USE PREPEND "jobhost_")
    if(NOT arg_LABELS)
        set(arg_LABELS unit)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 60)
    endif()

    add_executable(${arg_NAME}_test ${arg_SOURCES})
    target_link_libraries(${arg_NAME}_test PRIVATE
        ${arg_MAY_USE} ${arg_LINK} ${arg_PACKAGES} jobhost_test_support GTest::gmock_main)
    set_target_properties(${arg_NAME}_test PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin/tests)
    # Asked for when the tests run, so one program that cannot list its tests fails alone.
    gtest_discover_tests(${arg_NAME}_test
        TEST_PREFIX ${arg_NAME}.
        DISCOVERY_MODE PRE_TEST
        DISCOVERY_TIMEOUT 60
        PROPERTIES LABELS ${arg_LABELS} TIMEOUT ${arg_TIMEOUT})
endfunction()

function(_jobhost_room_target result name)
    string(REPLACE "/" "_" name ${name})
    set(${result} jobhost_${name} PARENT_SCOPE)
endfunction()
