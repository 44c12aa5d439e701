# kainjow's mustache is one header without a CMake or pkg-config file. Gives mustache::mustache.
find_path(mustache_INCLUDE_DIR kainjow/mustache.hpp)
mark_as_advanced(mustache_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(mustache REQUIRED_VARS mustache_INCLUDE_DIR)

if(mustache_FOUND AND NOT TARGET mustache::mustache)
    add_library(mustache::mustache INTERFACE IMPORTED)
    target_include_directories(mustache::mustache INTERFACE ${mustache_INCLUDE_DIR})
endif()
