# toml++ as headers only: its packaged config file insists on the compiled library, which one user
# of it does not need. Gives tomlplusplus::tomlplusplus.
find_path(TomlHeaders_INCLUDE_DIR toml++/toml.h)
mark_as_advanced(TomlHeaders_INCLUDE_DIR)

set(version_file ${TomlHeaders_INCLUDE_DIR}/toml++/impl/version.h)
if(EXISTS ${version_file})
    file(STRINGS ${version_file} lines REGEX "define TOML_LIB_(MAJOR|MINOR|PATCH)")
    string(REGEX REPLACE "[^0-9;]" "" numbers "${lines}")
    string(REPLACE ";" "." TomlHeaders_VERSION "${numbers}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(TomlHeaders
    REQUIRED_VARS TomlHeaders_INCLUDE_DIR
    VERSION_VAR TomlHeaders_VERSION)

if(TomlHeaders_FOUND AND NOT TARGET tomlplusplus::tomlplusplus)
    add_library(tomlplusplus::tomlplusplus INTERFACE IMPORTED)
    target_include_directories(tomlplusplus::tomlplusplus INTERFACE ${TomlHeaders_INCLUDE_DIR})
    target_compile_definitions(tomlplusplus::tomlplusplus INTERFACE TOML_HEADER_ONLY=1)
endif()
