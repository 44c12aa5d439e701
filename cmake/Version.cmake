# The version is said once, in project(). Code reads it from "base/version.hpp".
#
# The revision is asked of git in every optimised build. A debug build has none: a commit would
# otherwise link every test again.
configure_file(${PROJECT_SOURCE_DIR}/host/base/version.hpp.in
               ${PROJECT_BINARY_DIR}/generated/base/version.hpp @ONLY)

function(jobhost_embed_revision target)
    set(source ${PROJECT_BINARY_DIR}/generated/base/revision.cpp)
    add_custom_target(jobhost_revision
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} -DSOURCE_DIR=${PROJECT_SOURCE_DIR}
            -DASK=$<NOT:$<CONFIG:Debug>> -P ${PROJECT_SOURCE_DIR}/cmake/Revision.cmake
        BYPRODUCTS ${source}
        COMMENT "Asking git for the revision"
        VERBATIM)
    set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES GENERATED ON)
    target_sources(${target} PRIVATE ${source})
    add_dependencies(${target} jobhost_revision)
endfunction()
