# -g1 keeps line numbers for reports and halves the size of what is linked. Optimising costs the
# address sanitizer more time in the compiler than it saves when tests run; not so with threads.
if(JOBHOST_SANITIZER STREQUAL "address")
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined
                        -fno-omit-frame-pointer -g1)
    add_link_options(-fsanitize=address,undefined)
elseif(JOBHOST_SANITIZER STREQUAL "thread")
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer -O1 -g1)
    add_link_options(-fsanitize=thread)
    # GCC warns that the thread sanitizer does not understand the fences that Asio uses.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
elseif(NOT JOBHOST_SANITIZER STREQUAL "none")
    message(FATAL_ERROR "JOBHOST_SANITIZER is '${JOBHOST_SANITIZER}': say none, address or thread")
endif()

if(JOBHOST_COVERAGE)
    add_compile_options(--coverage -fprofile-update=atomic -O0)
    add_link_options(--coverage)
endif()
