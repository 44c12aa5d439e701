# find_package(jobhost-sdk) gives the target jobhost::sdk and the function jobhost_add_plugin().
if(NOT TARGET jobhost::sdk)
    add_library(jobhost::sdk INTERFACE IMPORTED)
    get_filename_component(_jobhost_include "${CMAKE_CURRENT_LIST_DIR}/../../../include" ABSOLUTE)
    set_target_properties(jobhost::sdk PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES "${_jobhost_include}")
    unset(_jobhost_include)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/JobhostPlugin.cmake)
