# Every outside package, once. A room takes what it needs by the names used here.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

set(Boost_NO_WARN_NEW_VERSIONS ON)
find_package(Boost 1.81 REQUIRED COMPONENTS json)       # Boost::json, Boost::headers
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)  # OpenSSL::Crypto, OpenSSL::SSL
find_package(fmt 9.1 REQUIRED)                          # fmt::fmt
find_package(spdlog 1.10 REQUIRED)                      # spdlog::spdlog
find_package(cctz REQUIRED)                             # cctz::cctz
find_package(SQLite3 3.40 REQUIRED)                     # SQLite::SQLite3
find_package(Poco 1.11 REQUIRED COMPONENTS Foundation Util Net NetSSL)  # Poco::Net, …
find_package(CLI11 2.1 REQUIRED)                        # CLI11::CLI11
find_package(TomlHeaders 3.3 REQUIRED)                  # tomlplusplus::tomlplusplus
find_package(CURL 7.88 REQUIRED)                        # CURL::libcurl
find_package(mustache REQUIRED)                         # mustache::mustache

# Boost.DLL stays header-only with the standard file system.
add_compile_definitions(BOOST_DLL_USE_STD_FS)

if(JOBHOST_TESTS)
    find_package(GTest 1.12 REQUIRED)      # GTest::gmock_main
    find_package(benchmark 1.7 REQUIRED)   # benchmark::benchmark
endif()
