#include "plugin/process_state.hpp"

#include <clocale>
#include <filesystem>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace jobhost::plugin {
namespace {

using testing::ElementsAre;

TEST(ProcessState, NothingChangedIsNothingRestored) {
    EXPECT_THAT(ProcessState::now().restore(), ElementsAre());
}

TEST(ProcessState, SignalDispositionIsRestored) {
    const auto before = ProcessState::now();
    ::signal(SIGUSR2, [](int) {});
    EXPECT_THAT(before.restore(), ElementsAre("changed what happens on signal SIGUSR2"));
    struct sigaction is {};
    ::sigaction(SIGUSR2, nullptr, &is);
    EXPECT_EQ(is.sa_handler, SIG_DFL);
}

TEST(ProcessState, WorkingDirectoryIsRestored) {
    const support::TempDir elsewhere;
    const auto here = std::filesystem::current_path();
    const auto before = ProcessState::now();
    std::filesystem::current_path(elsewhere.path());
    EXPECT_THAT(before.restore(), ElementsAre("changed the working directory"));
    EXPECT_EQ(std::filesystem::current_path(), here);
}

TEST(ProcessState, UmaskIsRestored) {
    const auto was = ::umask(022);
    const auto before = ProcessState::now();
    ::umask(0);
    EXPECT_THAT(before.restore(), ElementsAre("changed the umask"));
    EXPECT_EQ(::umask(was), 022U);
}

TEST(ProcessState, LocaleIsRestored) {
    const auto before = ProcessState::now();
    std::setlocale(LC_ALL, "C.UTF-8");
    EXPECT_THAT(before.restore(), ElementsAre("changed the locale"));
    EXPECT_STREQ(std::setlocale(LC_ALL, nullptr), "C");
}

}  // namespace
}  // namespace jobhost::plugin
